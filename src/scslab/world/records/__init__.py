"""Which acts are seen, by whom, how late; faults; delivery to regimes."""
