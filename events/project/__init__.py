"""What happened to one delivery for one customer."""
