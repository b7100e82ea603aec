"""Broken connections and restarts: what was acknowledged is there once, and nothing needs a human."""

import asyncio
import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
from eventsourcing.persistence import IntegrityError, OperationalError
from psycopg.conninfo import conninfo_to_dict

from commands.person.directory import RegisterPerson
from events.vocabulary.identifiers import stream_id
from services.application import Zeren
from services.handling import Request, context
from services.store.database import Database
from services.store.embedded import embedded
from services.store.embedded.postmaster import server_on
from services.store.ledger import Ledger
from services.store.writing import group_commit as group_commit_module
from services.store.writing import recorder as recorder_module
from services.store.writing.saves import Appended, Key, KeyedVersions, KeyTakenError, Result, Save
from soak.wire import Wire
from tests.store.facts import new_stream, save
from tests.waiting import eventually


@pytest.fixture
def wire(database_url: str) -> Iterator[Wire]:
    """A wire to a fresh database that can be cut."""
    with Wire(database_url) as wire:
        yield wire


@pytest.fixture
def ledger(wire: Wire) -> Iterator[Ledger]:
    """A ledger at the end of that wire."""
    with Database(wire.url) as database, Ledger(database) as ledger:
        yield ledger


async def by_task(ledger: Ledger, saves: list[Save]) -> list[Result]:
    """Append as the tasks of an event loop do."""
    async with ledger.group_commit() as writer:
        return await writer.append_all(saves)


def by_thread(ledger: Ledger, saves: list[Save]) -> list[Result]:
    """Append as threads do."""
    return ledger.log_recorder.append(saves)


APPENDING = pytest.mark.parametrize(
    "append", [by_thread, lambda ledger, saves: asyncio.run(by_task(ledger, saves))], ids=["thread", "task"]
)
Append = Callable[[Ledger, list[Save]], list[Result]]


@APPENDING
@pytest.mark.parametrize("after", [True, False])
def test_a_lost_acknowledgement_is_looked_up_and_nothing_is_stored_twice(
    wire: Wire, ledger: Ledger, append: Append, *, after: bool
) -> None:
    wire.cut("断线", after=after)
    saves = [save(new_stream(), 1, name="断线", key="k"), save(new_stream(), 1, 2)]
    first, second = append(ledger, saves)
    assert wire.cuts == 1
    assert isinstance(first, Appended)
    assert isinstance(second, Appended)
    assert (first.positions, second.positions) == ((1,), (2, 3))
    assert ledger.size() == 3
    assert len(ledger.read(0, 10)) == 3


@APPENDING
def test_a_key_that_stands_for_nothing_to_do_is_looked_up_as_well(wire: Wire, ledger: Ledger, append: Append) -> None:
    append(ledger, [save(new_stream(), 1)])
    wire.cut("断线", after=True)
    nothing = Save("person:x", (), [KeyedVersions(Key("system", "断线", b"request"), 1, 0)])
    (result,) = append(ledger, [nothing])
    assert wire.cuts == 1
    assert isinstance(result, Appended)
    assert (result.positions, result.position) == ((), 1)
    assert isinstance(append(ledger, [nothing])[0], KeyTakenError)


@APPENDING
@pytest.mark.parametrize("after", [True, False])
def test_somebody_elses_event_is_not_mistaken_for_ours(
    wire: Wire, ledger: Ledger, append: Append, *, after: bool
) -> None:
    stream = new_stream()
    append(ledger, [save(stream, 1, name="别人")])
    wire.cut("断线", after=after)
    lost, won = append(ledger, [save(stream, 1), save(new_stream(), 1, name="断线")])
    assert wire.cuts == 1
    assert isinstance(lost, IntegrityError)
    assert isinstance(won, Appended)


@APPENDING
def test_a_store_that_stays_away_is_said(
    postgres: str, database_url: str, append: Append, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Database(database_url) as database, Ledger(database) as ledger:
        monkeypatch.setattr(recorder_module, "PATIENCE", 0.2)
        monkeypatch.setattr(group_commit_module, "PATIENCE", 0.2)
        with psycopg.connect(postgres, autocommit=True) as connection:
            name = conninfo_to_dict(database_url)["dbname"]
            connection.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS false".encode())
            connection.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", (name,))
            with pytest.raises(OperationalError):
                append(ledger, [save(new_stream(), 1)])
            connection.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS true".encode())
        monkeypatch.undo()
        assert isinstance(append(ledger, [save(new_stream(), 1)])[0], Appended)


@pytest.fixture
def own_server(server_folder: Path) -> Iterator[str]:
    """The URL of an embedded server that a test may crash."""
    with embedded(server_folder) as url:
        yield url


@contextmanager
def giving_orders(zeren: Zeren) -> Iterator[list[int]]:
    """The positions of orders that a thread gives one after the other, until one fails."""
    acknowledged: list[int] = []
    failures: list[Exception] = []
    stopped = threading.Event()

    def give_orders() -> None:
        try:
            while not stopped.is_set():
                request = Request(stream_id("person", uuid4()), RegisterPerson(name="林晓"), context("system"))
                acknowledged.append(zeren.handler.execute(request).position)
        except Exception as error:  # noqa: BLE001 - shown below
            failures.append(error)

    def goes_on(before: int) -> bool:
        assert failures == []
        return len(acknowledged) >= before + 50

    writer = threading.Thread(target=give_orders)
    writer.start()
    try:
        eventually(lambda: goes_on(0))
        yield acknowledged
        before = len(acknowledged)
        eventually(lambda: goes_on(before))
    finally:
        stopped.set()
        writer.join()


def test_a_crash_of_the_database_heals_by_itself(own_server: str, server_folder: Path) -> None:
    with Zeren(own_server) as zeren:
        with giving_orders(zeren) as acknowledged:
            crashed = server_on(server_folder / "postgres")
            assert crashed is not None
            os.kill(crashed.pid, signal.SIGQUIT)

        assert len(set(acknowledged)) == len(acknowledged)
        positions = [one.position for one in zeren.ledger.read(0, 100_000)]
        assert positions == list(range(1, zeren.ledger.size() + 1))
        assert set(acknowledged) <= set(positions)
        assert len(positions) == len(acknowledged) + 4
        zeren.views.moment("people", at_least=max(acknowledged))
        shown = zeren.database.rows("SELECT count(*) AS n FROM view_people.people WHERE known_to IS NULL")
        assert shown[0]["n"] == len(acknowledged)
        eventually(lambda: zeren.background[0].failure is None)


def test_orders_are_patient_with_a_store_that_is_away_for_seconds(postgres: str, zeren: Zeren) -> None:
    name = zeren.database.parameters["dbname"]
    with psycopg.connect(postgres, autocommit=True) as connection, giving_orders(zeren):
        connection.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS false".encode())
        connection.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", (name,))
        # Longer than anybody waits for a connection, shorter than an order waits for the store.
        time.sleep(8)
        connection.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS true".encode())
