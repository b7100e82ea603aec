"""A session that the server ends for idling in a transaction counts as broken: its outcome is looked up."""

import time
from collections.abc import Generator
from typing import Any

import psycopg
import pytest
from psycopg import AsyncConnection

from services.store.writing.appending import Step, run
from services.store.writing.pipeline import Pipeline
from services.store.writing.saves import Result

pytestmark = pytest.mark.anyio

_IMPATIENT = "-c idle_in_transaction_session_timeout=50ms"


@pytest.fixture
def anyio_backend() -> str:
    """The event loop that tests of tasks run in."""
    return "asyncio"


async def test_for_tasks(database_url: str) -> None:
    pipeline = Pipeline(await AsyncConnection.connect(database_url, autocommit=True, options=_IMPATIENT))
    try:
        await pipeline.send(b"BEGIN", ())
        time.sleep(0.5)  # noqa: ASYNC251 - nobody hears of the end before the next statement
        with pytest.raises(psycopg.OperationalError):
            await pipeline.send(b"SELECT 1", ())
    finally:
        await pipeline.close()


def test_for_threads(database_url: str) -> None:
    def steps() -> Generator[Step, list[list[Any]], list[Result]]:
        yield ((b"BEGIN", ()),)
        time.sleep(0.5)
        yield ((b"SELECT 1", ()),)
        return []

    with (
        psycopg.connect(database_url, autocommit=True, options=_IMPATIENT) as connection,
        pytest.raises(psycopg.OperationalError),
    ):
        run(connection, steps())
