"""The customers: profile and tier."""
