"""The survey statistics beside R and statsmodels."""
