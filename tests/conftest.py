"""Shared by all tests: this file puts its folder, and so `small.py`, on the path."""
