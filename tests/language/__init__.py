"""Messages, descriptions and labels in both languages."""
