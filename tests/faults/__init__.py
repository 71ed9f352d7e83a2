"""Programmes that are cut off at random moments and served by faulty services, and what must be true in the end."""
