"""The composition: the order of a month, the loop, the run folder."""
