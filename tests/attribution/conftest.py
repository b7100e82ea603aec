"""The company of the scenarios, on a fresh ledger."""

from collections.abc import Iterator

import pytest

from tests.kpis.company import Company
from tests.kpis.company import company as opened


@pytest.fixture
def company(database_url: str) -> Iterator[Company]:
    """The company of the scenarios; the clock stands at 2025-01-01."""
    with opened(database_url) as one:
        yield one
