"""The contacts with customers: visits and all other interactions."""
