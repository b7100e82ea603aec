"""Orders to the company's versioned rules."""
