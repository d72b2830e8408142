"""Indirect questions: list experiments, randomised response, endorsement, conjoint."""
