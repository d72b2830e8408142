"""Fit assumed values within their ranges to published findings (`scslab calibrate`)."""
