"""Samples and weights; works on simulated and on real answers alike."""
