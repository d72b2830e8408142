"""What listings do to a life."""
