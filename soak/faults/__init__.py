"""One module per fault: it breaks something while others write, and lets the checker judge."""
