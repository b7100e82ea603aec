"""The words every package shares: identifiers, instants, texts, roles and other value objects."""
