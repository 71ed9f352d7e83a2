"""The mailbox page: mails that went to the outbox, read and answered in a browser on this machine."""
