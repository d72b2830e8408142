"""The common ground: what every room may use; it uses nobody."""
