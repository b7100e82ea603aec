"""What the project streams say, as views."""
