"""The rows in the database are those of a fold in memory, however they came about."""

import random
from datetime import timedelta
from typing import Any

import pytest

from commands.facts import CorrectFact, WithdrawFact
from events.catalogue import CATALOGUE
from events.recorded import Recorded
from projections.base import Projection, Rows, replay
from projections.registry import PROJECTIONS
from services.application import Zeren
from services.projector import batch
from services.projector.rebuild import rebuild
from services.projector.schema import create
from tests.views.facts import Corrections, lapse
from tests.views.histories import Given, History, record

PLANTED = {"fact.corrected", "fact.withdrawn", "responsibility.handover-lapsed"}
"""Events that are recorded afterwards."""
Stored = dict[str, list[dict[str, Any]]]


def in_memory(rows: Rows, projection: Projection) -> Stored:
    versions = [*rows.closed, *rows.believed()]
    return {
        table.name: _sorted(
            [row.version() for owner, row in versions if owner is table],
            table.key,
        )
        for table in projection.tables
    }


def in_database(zeren: Zeren, projection: Projection) -> Stored:
    return {
        table.name: _sorted(_all(zeren, f"{projection.schema}.{table.name}"), table.key) for table in projection.tables
    }


def _all(zeren: Zeren, table: str) -> list[dict[str, Any]]:
    return zeren.database.rows(f"TABLE {table}")


def _sorted(rows: list[dict[str, Any]], key: str) -> list[dict[str, Any]]:
    return sorted(rows, key=lambda row: (str(row[key]), row["known_from"]))


def put_right(zeren: Zeren, events: list[Recorded], dice: random.Random) -> None:
    """Corrections and withdrawals of every kind of event that can be put right, some of them again."""
    by_rules = record(zeren, [given for one in dice.choices(events, k=400) for given in commands_on(one, dice)])
    assert by_rules > 100, "by rules that are asked too"
    lapse(zeren, events)
    corrections = Corrections(zeren, dice.randrange(1000))
    by_kind: dict[str, list[Recorded]] = {}
    for one in events:
        by_kind.setdefault(one.event.event_name, []).append(one)
    for of_kind in by_kind.values():
        for one in dice.choices(of_kind, k=5):
            corrections.plant(one)


def commands_on(one: Recorded, dice: random.Random) -> list[Given]:
    """A command that puts an event right, if it is about something with an instant, or withdraws it."""
    if one.stream.startswith("policy:"):
        return []
    if dice.random() < 0.3 or one.event.instant is None:
        return [(one.stream, WithdrawFact(event=one.id, reason="重复登记"))]
    moved = one.event.instant + timedelta(hours=dice.randrange(-300, 30))
    return [
        (one.stream, CorrectFact(event=one.id, values={str(one.event.occurs): moved.isoformat()}, reason="记错时间"))
    ]


def start_over(zeren: Zeren) -> None:
    with zeren.database.connection() as connection:
        for projection in PROJECTIONS:
            create(connection, projection, projection.schema)
        connection.execute("UPDATE zeren.checkpoint SET position = 0")


def mixed_history(zeren: Zeren, history: History) -> list[Recorded]:
    """Commands, until every kind of event there is was recorded."""
    record(zeren, list(history.opening()))
    for _ in range(60):
        record(zeren, [*(history.anything() for _ in range(150)), *(history.by_type() for _ in range(60))])
        events = zeren.ledger.read(0, 100_000)
        missing = set(CATALOGUE) - {recorded.event.event_name for recorded in events} - PLANTED
        if not missing and len(events) > 600:
            put_right(zeren, events, history.random)
            return zeren.ledger.read(0, 100_000)
    raise AssertionError(f"never recorded: {missing}")


def apply_one_by_one(zeren: Zeren, events: list[Recorded]) -> None:
    """Batches of a single event, in one transaction only because 10,000 commits take long."""
    with zeren.database.connection() as connection, connection.transaction():
        for projection in PROJECTIONS:
            for recorded in events:
                rows = Rows()
                batch.load(connection, projection, projection.schema, [recorded], rows)
                batch.apply(projection, [recorded], rows)
                batch.write(connection, projection.schema, rows)


@pytest.mark.parametrize("seed", [2, 5])
def test_rows_are_the_same_in_memory_in_batches_of_any_size_and_rebuilt(database_url: str, seed: int) -> None:
    with Zeren(database_url, projecting=False) as zeren:
        events = mixed_history(zeren, History(seed))
        expected = {one.name: in_memory(replay(one, events), one) for one in PROJECTIONS}
        for limit in (1_000, 40):
            start_over(zeren)
            while zeren.runner.advance(limit):
                pass
            assert zeren.database.rows("SELECT * FROM zeren.parked") == []
            assert {one.name: in_database(zeren, one) for one in PROJECTIONS} == expected, f"batches of {limit}"
        for projection in PROJECTIONS:
            rebuild(zeren.ledger, projection)
        assert {one.name: in_database(zeren, one) for one in PROJECTIONS} == expected, "rebuilt"
        if seed == 1:
            start_over(zeren)
            apply_one_by_one(zeren, events)
            assert {one.name: in_database(zeren, one) for one in PROJECTIONS} == expected, "one by one"
