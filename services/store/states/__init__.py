"""States kept beside the log, so that long streams open fast."""
