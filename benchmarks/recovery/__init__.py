"""A society whose opinion is known is surveyed again and again, to see if intervals hold it."""
