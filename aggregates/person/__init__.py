"""The rules of one employee's directory entry."""
