"""Survey files: read with labels and reasons, written so that they open again with nothing lost."""
