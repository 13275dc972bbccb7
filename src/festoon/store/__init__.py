"""Database plumbing: the embedded server, the pool of the hot path, and migrations. It knows no campaign."""
