"""Reading states for many tasks: one read for all who wait, patient with a store that is away."""

import asyncio
import threading
from collections.abc import Iterable

import psycopg
import pytest

from aggregates.decider import State, initial
from events.vocabulary.identifiers import PersonId, StreamId, stream_id
from services.handling import loading
from services.handling.loading import Loading
from tests.handling.conftest import new_id
from tests.waiting import PATIENCE

pytestmark = pytest.mark.anyio


class Store:
    """Reads initial states, counts how often, and is away as often as it is told."""

    def __init__(self, away: int = 0) -> None:
        self.reads: list[set[StreamId]] = []
        self.away = away
        self.open = threading.Event()
        self.open.set()

    def states(self, streams: Iterable[StreamId]) -> dict[StreamId, State]:
        """Every stream is new."""
        self.open.wait(PATIENCE)
        self.reads.append(set(streams))
        if self.away:
            self.away -= 1
            raise psycopg.OperationalError("away")
        return {stream: initial(stream) for stream in self.reads[-1]}


def someone() -> StreamId:
    """A person's stream."""
    return stream_id("person", PersonId(new_id()))


async def test_those_who_come_during_a_read_share_the_next() -> None:
    store = Store()
    load = Loading(store.states)
    streams = [someone() for _ in range(20)]
    store.open.clear()
    first = asyncio.create_task(load(streams[:1]))
    await asyncio.sleep(0.01)
    others = [asyncio.create_task(load([stream])) for stream in streams[1:]]
    await asyncio.sleep(0.01)
    others[0].cancel()
    store.open.set()
    assert (await first).keys() == {streams[0]}
    found = await asyncio.gather(*others[1:])
    assert all(stream in states for stream, states in zip(streams[2:], found, strict=True))
    assert len(store.reads) == 2
    assert (await load(streams[:1])).keys() == {streams[0]}


async def test_a_store_that_is_away_for_a_while_is_waited_for() -> None:
    store = Store(away=3)
    stream = someone()
    assert (await Loading(store.states)([stream])).keys() == {stream}
    assert len(store.reads) == 4


async def test_patience_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loading, "PATIENCE", 0.2)
    load = Loading(Store(away=10_000).states)
    found = await asyncio.gather(load([someone()]), load([someone()]), return_exceptions=True)
    assert [type(one) for one in found] == [psycopg.OperationalError] * 2
