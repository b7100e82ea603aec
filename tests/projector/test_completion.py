"""A new view over a long log gets its further indexes at the end of the log, and what breaks them is parked."""

from collections.abc import Iterable

import pytest

from events.person.directory import PersonRegistered
from events.recorded import Recorded
from events.vocabulary.identifiers import stream_uuid
from projections.base import Group, Projection, Rows, Table
from services.application import Zeren
from services.projector import schema
from services.projector.runner import Runner
from services.projector.schema import prepare
from tests.projector.planted import parked, register

NAMES = Table(
    name="names",
    key="person_id",
    group="person_id",
    columns={"person_id": "uuid NOT NULL", "name": "text NOT NULL"},
    extras=("CREATE UNIQUE INDEX one_holder ON {table} (name)",),
)


def reads(recorded: Recorded) -> Iterable[Group]:
    """The person's row."""
    return [(NAMES, stream_uuid(recorded.stream))] if recorded.kind is PersonRegistered else []


def apply(recorded: Recorded, rows: Rows) -> None:
    """Believe that somebody has a name."""
    if isinstance(recorded.event, PersonRegistered):
        rows.put(NAMES, {"person_id": stream_uuid(recorded.stream), "name": recorded.event.name})


NAMED = Projection("named", 1, (NAMES,), reads, apply, frozenset((PersonRegistered,)))


@pytest.fixture(autouse=True)
def any_log_is_long(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(schema, "_LONG", 0)


def begun(zeren: Zeren, *, locking: bool = False) -> Runner:
    with zeren.database.connection() as connection:
        assert prepare(connection, [NAMED]) == []
    return Runner(zeren.ledger, [NAMED], locking=locking)


def indexes(zeren: Zeren) -> set[str]:
    return {row["name"] for row in zeren.database.rows(_INDEXES)}


def named(zeren: Zeren) -> list[str]:
    return [row["name"] for row in zeren.database.rows("SELECT name FROM view_named.names ORDER BY name")]


def whole(zeren: Zeren) -> bool:
    (row,) = zeren.database.rows("SELECT whole FROM zeren.checkpoint WHERE projection = 'named'")
    return bool(row["whole"])


_INDEXES = "SELECT indexname AS name FROM pg_indexes WHERE schemaname = 'view_named'"
_LOOKUPS = {"names_key", "names_believed"}


@pytest.mark.parametrize("locking", [False, True], ids=["alone", "in turns"])
def test_the_indexes_that_questions_need_are_made_at_the_end(planted: Zeren, *, locking: bool) -> None:
    register(planted, "丁", "丙", "乙", "甲")
    runner = begun(planted, locking=locking)
    assert runner.advance(2)
    assert (indexes(planted), whole(planted)) == (_LOOKUPS, False)
    runner.catch_up()
    assert (indexes(planted), whole(planted)) == (_LOOKUPS | {"one_holder"}, True)
    assert named(planted) == ["丁", "丙", "乙", "甲"]
    runner.close()


def test_what_was_left_unfinished_is_finished_by_the_next_process(planted: Zeren) -> None:
    register(planted, "林晓", "王伟")
    begun(planted).advance(planted.ledger.size())
    assert not whole(planted)
    Runner(planted.ledger, [NAMED]).advance()
    assert (indexes(planted), whole(planted)) == (_LOOKUPS | {"one_holder"}, True)


def test_a_stream_that_breaks_a_constraint_is_parked_in_the_end(planted: Zeren) -> None:
    _, second, _ = register(planted, "林晓", "林晓", "王伟")
    begun(planted).catch_up()
    assert (named(planted), parked(planted)) == (["林晓", "王伟"], [(f"person:{second}", 6)])
    assert (indexes(planted), whole(planted)) == (_LOOKUPS | {"one_holder"}, True)
    third, _ = register(planted, "王伟", "张三")
    Runner(planted.ledger, [NAMED]).catch_up()
    assert set(named(planted)) == {"林晓", "王伟", "张三"}
    assert parked(planted)[1:] == [(f"person:{third}", 8)]
