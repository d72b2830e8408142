"""Weights that bring a sample to known margins, and what that takes out of the variance."""
