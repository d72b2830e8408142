"""What people think, and what they say when someone may listen."""
