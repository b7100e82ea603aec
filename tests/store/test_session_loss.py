"""A session that the server ends for idling in a transaction counts as broken: its outcome is looked up."""

from collections.abc import Generator
from typing import Any

import psycopg
import pytest
from psycopg import AsyncConnection

from services.store.writing.appending import Step, run
from services.store.writing.pipeline import Pipeline
from services.store.writing.saves import Result
from tests.waiting import eventually

pytestmark = pytest.mark.anyio

_IMPATIENT = "-c idle_in_transaction_session_timeout=50ms"


@pytest.fixture
def anyio_backend() -> str:
    """The event loop that tests of tasks run in."""
    return "asyncio"


def until_ended(database_url: str) -> None:
    """Wait for the end, of which nobody hears before the next statement."""
    with psycopg.connect(database_url, autocommit=True) as other:
        left = "SELECT FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
        eventually(lambda: not other.execute(left).fetchall())


async def test_for_tasks(database_url: str) -> None:
    pipeline = Pipeline(await AsyncConnection.connect(database_url, autocommit=True, options=_IMPATIENT))
    try:
        await pipeline.send(b"BEGIN", ())
        until_ended(database_url)
        with pytest.raises(psycopg.OperationalError):
            await pipeline.send(b"SELECT 1", ())
    finally:
        await pipeline.close()


def test_for_threads(database_url: str) -> None:
    def steps() -> Generator[Step, list[list[Any]], list[Result]]:
        yield ((b"BEGIN", ()),)
        until_ended(database_url)
        yield ((b"SELECT 1", ()),)
        return []

    with (
        psycopg.connect(database_url, autocommit=True, options=_IMPATIENT) as connection,
        pytest.raises(psycopg.OperationalError),
    ):
        run(connection, steps())
