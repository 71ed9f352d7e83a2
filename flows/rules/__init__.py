"""Everything that decides: pure functions and plain data, no I/O, never asks the time."""
