"""Benchmarks: one command measures the project beside its peers."""
