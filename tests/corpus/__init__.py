"""Mails as people's programs send them, made by the thousand, to measure what the reading makes of them.

The attributions, labels and footers here were written down from the programs themselves, language by language. They
share nothing with the tables in flows/mail, or they would prove nothing.
"""
