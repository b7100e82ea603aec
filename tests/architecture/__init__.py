"""The rules that the code itself must keep."""
