"""What happened to the company's versioned rules."""
