"""The rules of responsibility, the same for customers and projects."""
