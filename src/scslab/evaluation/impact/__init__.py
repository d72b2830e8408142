"""Drafts of impact assessments, filled from a run where a run can fill them."""
