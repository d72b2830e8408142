"""The reference society, written once for each engine that is compared."""
