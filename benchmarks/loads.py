"""Loading a stream: ours with a snapshot, from its first event, and remembered, beside the library's repository."""

import time
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from itertools import islice
from statistics import median
from typing import Any
from uuid import UUID, uuid4

from eventsourcing.application import Application, LRUCache
from eventsourcing.persistence import StoredEvent
from psycopg.conninfo import conninfo_to_dict

from aggregates.decider import fold, initial
from benchmarks.aims import Aim
from benchmarks.http_servers import Customer
from benchmarks.machine import new_database
from benchmarks.tables import Table
from events.base import Event
from events.customer.commitments import CommitmentMade
from events.customer.profile import CustomerRegistered
from events.recorded import Context
from events.vocabulary.identifiers import CommitmentId, PersonId, StreamId
from services.application import Zeren
from services.store.mapper import encode
from services.store.writing.saves import Appended, Save

LENGTHS = (10, 100, 1_000, 10_000)
_START = datetime(2020, 1, 1, tzinfo=UTC)
_TOGETHER = 1_000
_REMEMBERED = 10_000
_AT_MOST = 200
_COLD = "Zeren, in a process that never saw it"
_WHOLE = "Zeren, from the first event"
_WARM = "Zeren, remembered"
_LIBRARY = "eventsourcing, repository.get"


def tables(seconds: float, rounds: int) -> Iterator[Table]:
    """Every stream is a customer with as many events; all take turns."""
    found: dict[tuple[str, int], list[float]] = {}
    with new_database() as url, Zeren(url, projecting=False) as zeren, closing(_library(url)) as library:
        ours = {length: _recorded(zeren, length) for length in LENGTHS}
        theirs = {length: _saved(library, length) for length in LENGTHS}
        for _ in range(rounds):
            for length in LENGTHS:
                for name, load in _contestants(zeren, library, ours[length], theirs[length]).items():
                    found.setdefault((name, length), []).append(_seconds(load, seconds / len(LENGTHS)))
    names = [_COLD, _WHOLE, _WARM, _LIBRARY]
    times = {place: median(each) for place, each in found.items()}
    yield Table(
        "Loading a stream: µs by number of events",
        ["", *(f"{length:,}" for length in LENGTHS)],
        [[name, *(f"{1e6 * times[name, length]:,.0f}" for length in LENGTHS)] for name in names],
        [
            "medians; each is right up to the last event in the store, which is asked every time",
            *(
                f"{_LIBRARY} ÷ {name}: {' · '.join(f'{times[_LIBRARY, n] / times[name, n]:,.1f}' for n in LENGTHS)}"
                for name in names[:-1]
            ),
        ],
        [
            Aim(f"10,000 events ÷ 100: {name}", times[name, 10_000] / times[name, 100], 1.1, at_most=True)
            for name in (_COLD, _WARM)
        ],
    )


def _contestants(
    zeren: Zeren, library: "Application[UUID]", stream: StreamId, aggregate: UUID
) -> dict[str, Callable[[], object]]:
    repository: Any = zeren.ledger.repository
    zeren.ledger.state(stream)
    zeren.ledger.kept_states.settle()

    def cold() -> object:
        repository.cache = LRUCache(_REMEMBERED)
        return zeren.ledger.state(stream)

    return {
        _COLD: cold,
        _WHOLE: lambda: fold(initial(stream), (one.event for one in zeren.ledger.read_stream(stream))),
        _WARM: lambda: zeren.ledger.state(stream),
        _LIBRARY: lambda: library.repository.get(aggregate),
    }


def _seconds(load: Callable[[], object], seconds: float) -> float:
    """The median of as many as fit in the time, three at least."""
    taken: list[float] = []
    load()
    end = time.perf_counter() + seconds
    while len(taken) < 3 or time.perf_counter() < end:  # noqa: PLR2004 - a median of fewer means nothing
        before = time.perf_counter()
        load()
        taken.append(time.perf_counter() - before)
    return median(taken)


def _recorded(zeren: Zeren, length: int) -> StreamId:
    stream = StreamId(f"customer:{uuid4()}")
    context = Context(actor="system")
    person = PersonId(uuid4())

    def events() -> Iterator[StoredEvent]:
        for version in range(1, length + 1):
            due = _START + timedelta(hours=version)
            event: Event = (
                CustomerRegistered(name="华东电力集团", industry=None, region=None, registered_on=None)
                if version == 1
                else CommitmentMade(
                    commitment_id=CommitmentId(uuid4()),
                    text="确认第二季度的交付计划。",
                    due_at=due,
                    by="us",
                    made_at=_START,
                    promised_by=person,
                    promised_to=None,
                    origin=None,
                )
            )
            yield StoredEvent(stream, version, event.event_name, encode(event, context))

    written = events()
    while some := list(islice(written, _TOGETHER)):
        result = zeren.ledger.log_recorder.append([Save(stream, some)])[0]
        if not isinstance(result, Appended):
            raise result
    return stream


def _library(url: str) -> "Application[UUID]":
    at: dict[str, Any] = conninfo_to_dict(url)
    return Application(
        env={
            "PERSISTENCE_MODULE": "eventsourcing.postgres",
            "POSTGRES_DBNAME": at["dbname"],
            "POSTGRES_HOST": at["host"],
            "POSTGRES_PORT": at.get("port", "5432"),
            "POSTGRES_USER": at["user"],
            "POSTGRES_PASSWORD": at.get("password", ""),
        }
    )


def _saved(library: "Application[UUID]", length: int) -> UUID:
    customer = Customer(uuid4(), "华东电力集团")
    for number in range(length - 1):
        customer.log_contact(
            str(uuid4()),
            {"at": (_START + timedelta(hours=number)).isoformat(), "channel": "call", "content": "确认交付计划。"},
        )
        # The library sends all events of a save before it reads an answer: thousands at once hang for ever.
        if number % _AT_MOST == 0:
            library.save(customer)
    library.save(customer)
    return customer.id
