"""Commands are tested as they are first given: on an empty database."""

from collections.abc import Callable

import pytest


@pytest.fixture
def database_url(new_database: Callable[[], str]) -> str:
    """The URL of a fresh, empty database."""
    return new_database()
