"""Margins, synthesis into cells, districts, localities, organisations, ties, representatives."""
