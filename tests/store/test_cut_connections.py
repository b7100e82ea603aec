"""A connection that is cut while a statement is under way is noticed, by whichever event loop waits for it."""

import asyncio
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg import AsyncConnection

from services.store.reading.asking import Asking
from services.store.writing.pipeline import Pipeline
from tests.store.cutting import FAREWELLS, HERE, cutting
from tests.waiting import PATIENCE

pytestmark = pytest.mark.anyio


@pytest.fixture(params=[False, True], ids=["asyncio", "uvloop"])
def anyio_backend(request: pytest.FixtureRequest) -> tuple[str, dict[str, Any]]:
    """The event loops that the tests run in; the server's own is the second."""
    return "asyncio", {"use_uvloop": request.param}


@pytest.fixture(params=list(FAREWELLS.values()), ids=list(FAREWELLS))
def farewell(request: pytest.FixtureRequest) -> bytes:
    """What the server says before it goes."""
    said: bytes = request.param
    return said


async def test_by_whoever_appends(database_url: str, server_folder: Path, farewell: bytes) -> None:
    with cutting(database_url, server_folder, farewell) as url:
        pipeline = Pipeline(await AsyncConnection.connect(url, autocommit=True))
        assert await pipeline.send(b"SELECT 1", ()) == [(1,)]
        with pytest.raises(psycopg.OperationalError):
            await asyncio.wait_for(pipeline.send(f"SELECT '{HERE}'".encode(), ()), PATIENCE)
        assert pipeline.broken
        await pipeline.close()


async def test_by_whoever_asks(database_url: str, server_folder: Path, farewell: bytes) -> None:
    with cutting(database_url, server_folder, farewell) as url:
        asking = Asking(url)
        assert await asking.rows_soon("SELECT $1::text", ["one"]) == [("one",)]
        with pytest.raises(psycopg.OperationalError):
            await asyncio.wait_for(asking.rows_soon("SELECT $1::text", [HERE]), PATIENCE)
        assert await asking.rows_soon("SELECT $1::text", ["two"]) == [("two",)]
        asking.close()
