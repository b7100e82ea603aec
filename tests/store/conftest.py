"""The store is tested from the start: its databases are empty."""

from collections.abc import Callable

import pytest


@pytest.fixture
def database_url(new_database: Callable[[], str]) -> str:
    """The URL of a fresh, empty database."""
    return new_database()
