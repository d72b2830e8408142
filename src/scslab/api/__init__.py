"""The public verbs of Python: they join the laboratory and the report."""
