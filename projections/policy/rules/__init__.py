"""The company's rules: every edition."""
