"""Clients that are generated from the OpenAPI document, each on a whole walk."""
