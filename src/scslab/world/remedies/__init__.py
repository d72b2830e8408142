"""Notice, objection, review, performance, expiry."""
