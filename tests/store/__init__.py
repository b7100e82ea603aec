"""The log: dense, append-only, all or nothing, also when connections break."""
