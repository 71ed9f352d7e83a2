"""The door to the post: mails go out, raw mails are read."""
