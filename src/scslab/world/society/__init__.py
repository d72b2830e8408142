"""Margins, synthesis into cells, districts, ties."""
