"""Queries about projects."""
