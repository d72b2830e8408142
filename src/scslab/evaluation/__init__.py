"""Harm, and published findings; computed from tables that any run could give."""
