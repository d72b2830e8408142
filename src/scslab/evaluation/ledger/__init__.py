"""The ledger: published findings beside what a study gives, and the share that agrees."""
