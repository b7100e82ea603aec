"""The rules: scenarios with named people, and laws that hold for every history."""
