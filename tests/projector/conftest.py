"""A ledger with the planted view."""

from collections.abc import Iterator

import pytest

from services.application import Zeren
from services.projector.schema import prepare
from tests.projector.planted import PLANTED, Fault


@pytest.fixture
def planted(database_url: str) -> Iterator[Zeren]:
    """An open ledger with the planted view, taken forward by hand."""
    Fault.there = True
    with Zeren(database_url, projecting=False) as opened:
        with opened.database.connection() as connection:
            prepare(connection, [PLANTED])
        yield opened
