"""Questions about the company's rules."""
