"""The rules: pure deciders that turn a command and the remembered state into events."""
