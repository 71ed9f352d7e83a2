"""Mails as people's programs send them, made by the thousand, to measure what the reading makes of them.

The attributions, labels and footers here stand as the programs put them, whole, language by language. They share
nothing with the stems in flows/mail, or they would prove nothing.
"""
