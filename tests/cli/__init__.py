"""The command line, as processes of its own."""
