"""The stream as a foreign consumer sees it, with a real broker that fails."""
