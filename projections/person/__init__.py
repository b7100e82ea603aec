"""What the person streams say, as views."""
