"""The rules: load, check, judge. A rule knows no person and no dice."""
