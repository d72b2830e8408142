"""What was asked: study files."""
