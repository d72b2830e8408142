"""Waves: a questionnaire fielded in the society, from the frame to the findings."""
