"""Sweeps: a study run many times, with values that vary, and what its outcomes answer to."""
