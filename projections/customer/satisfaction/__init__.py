"""The survey answers, with who served the customer then."""
