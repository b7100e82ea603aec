"""Keeps the views up to date with the log: batches, checkpoints, supervision, rebuilds."""
