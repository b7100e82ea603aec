"""What follows by itself when a due time passes."""
