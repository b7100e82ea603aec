"""What happened to one key account."""
