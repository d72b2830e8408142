"""Safeguards beside each other: the same society and the same luck under other rules."""
