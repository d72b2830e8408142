"""Questionnaires as data: read, checked, walked through, and exported for other programs."""
