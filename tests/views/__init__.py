"""The views over a real PostgreSQL: rows, questions, rebuilds, and the laws that hold between them."""
