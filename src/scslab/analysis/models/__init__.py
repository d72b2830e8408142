"""Models whose standard errors know the design."""
