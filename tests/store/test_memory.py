"""What a writer remembers spares it questions, and is never believed where the log is another."""

import asyncio
from collections.abc import Iterator

import pytest
from eventsourcing.persistence import IntegrityError

from events.vocabulary.identifiers import StreamId
from services.application import Zeren
from services.store.ledger import Ledger
from services.store.writing import memory
from services.store.writing.memory import Memory
from services.store.writing.saves import Appended
from tests.store.facts import new_stream, save

pytestmark = pytest.mark.anyio


@pytest.fixture
def anyio_backend() -> str:
    """The event loop that tests of tasks run in."""
    return "asyncio"


@pytest.fixture
def wrong(monkeypatch: pytest.MonkeyPatch) -> list[Memory]:
    """The memories that turned out wrong, once for each time."""
    found: list[Memory] = []
    was_wrong = Memory.was_wrong

    def noted(self: Memory) -> None:
        found.append(self)
        was_wrong(self)

    monkeypatch.setattr(Memory, "was_wrong", noted)
    return found


async def test_a_writer_that_is_alone_is_never_wrong(zeren: Zeren, wrong: list[Memory]) -> None:
    async def told(stream: StreamId) -> None:
        for version in range(1, 9):
            assert isinstance(await writer.append(save(stream, version, key=f"{stream}{version}")), Appended)

    async with zeren.ledger.group_commit() as writer:
        await asyncio.gather(*[told(new_stream()) for _ in range(40)])
    assert wrong == []


async def test_a_conflict_costs_others_nothing_but_time(zeren: Zeren, wrong: list[Memory]) -> None:
    stream = new_stream()
    async with zeren.ledger.group_commit() as writer:
        await writer.append(save(stream, 1))
        taken, *others = await asyncio.gather(
            writer.append(save(new_stream(), 1, key="k")),
            *[writer.append(save(new_stream(), 1, key="k")) for _ in range(30)],
            *[writer.append(save(new_stream(), 1, 2)) for _ in range(30)],
        )
        assert isinstance(taken, Appended)
        assert sum(isinstance(one, Appended) for one in others) == 30
        assert isinstance(await writer.append(save(stream, 2)), Appended)
    assert wrong


async def test_writers_that_take_turns_learn_from_each_other(zeren: Zeren, wrong: list[Memory]) -> None:
    stream = new_stream()
    async with zeren.ledger.group_commit() as one, zeren.ledger.group_commit() as other:
        for version in range(1, 30, 2):
            assert isinstance(await one.append(save(stream, version)), Appended)
            assert isinstance(await other.append(save(stream, version)), IntegrityError)
            assert isinstance(await other.append(save(stream, version + 1)), Appended)
    # Each believes itself less and less, and then asks at once.
    assert len(wrong) < 20


async def test_another_log_of_the_same_size_is_noticed(zeren: Zeren, another: Ledger) -> None:
    kept, lost = new_stream(), new_stream()
    async with zeren.ledger.group_commit() as writer:
        await writer.append(save(kept, 1))
        before = zeren.database.rows("SELECT size, frontier FROM zeren.log_head")[0]
        await writer.append(save(lost, 1))
        # A fail-over to a server that had not got the last commit, and then got another.
        with zeren.database.connection() as connection, connection.transaction():
            connection.execute("ALTER TABLE zeren.log DISABLE TRIGGER append_only")
            connection.execute("DELETE FROM zeren.log WHERE notification_id > %s", (before["size"],))
            connection.execute("UPDATE zeren.log_head SET size = %(size)s, frontier = %(frontier)s", before)
            connection.execute("ALTER TABLE zeren.log ENABLE TRIGGER append_only")
        another.log_recorder.append([save(new_stream(), 1)])
        assert isinstance(await writer.append(save(lost, 2)), IntegrityError)
        assert isinstance(await writer.append(save(kept, 2)), Appended)


@pytest.fixture
def another(zeren: Zeren) -> Iterator[Ledger]:
    """Another process's ledger on the same database."""
    with Ledger(zeren.database) as ledger:
        yield ledger


async def test_streams_that_were_forgotten_are_looked_up(zeren: Zeren, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memory, "_STREAMS", 4)
    streams = [new_stream() for _ in range(30)]
    async with zeren.ledger.group_commit() as writer:
        for version in (1, 2):
            for stream in streams:
                assert isinstance(await writer.append(save(stream, version)), Appended)
        for stream in streams:
            assert isinstance(await writer.append(save(stream, 2)), IntegrityError)
            assert isinstance(await writer.append(save(stream, 4)), IntegrityError)
