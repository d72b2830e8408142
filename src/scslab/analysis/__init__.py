"""Design-based estimates; works with no simulator loaded."""
