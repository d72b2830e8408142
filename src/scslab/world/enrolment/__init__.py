"""Who is scored, and the score that a member brings."""
