"""Notice, hearing, objection, review, correction, hardship, performance, repair, expiry."""
