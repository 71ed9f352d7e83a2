"""Onward: career conversations that actually happen, by e-mail, out of a sheet."""
