"""What only a simulator has: a society, its conduct, its records and what follows."""
