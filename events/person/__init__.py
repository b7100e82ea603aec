"""What happened to one employee."""
