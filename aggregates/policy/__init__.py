"""The rules about the company's own rules."""
