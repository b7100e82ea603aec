"""What the customer streams say, as views: one package per slice."""
