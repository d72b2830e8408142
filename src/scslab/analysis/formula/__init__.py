"""Formulas as R writes them, and the design matrices that they stand for."""
