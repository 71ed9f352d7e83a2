"""What the outside reaches over HTTP: hooks of the mail provider, and whether all is well."""
