"""A view that cannot take an event parks that stream, goes on with the others, and can try again."""

from collections.abc import Iterable, Iterator
from uuid import UUID, uuid4

import psycopg
import pytest

from commands.base import Command
from commands.person.directory import DeactivatePerson, RegisterPerson
from events.person.directory import PersonDeactivated, PersonRegistered
from events.recorded import Recorded
from events.vocabulary.identifiers import PersonId, stream_id, stream_uuid
from projections.base import Group, Projection, Rows, Table
from services.application import Zeren
from services.handling import Request, context
from services.projector.rebuild import rebuild
from services.projector.runner import Runner, replay_parked
from services.projector.schema import prepare

POISON = "毒"

NAMES = Table(
    name="names",
    key="person_id",
    group="person_id",
    columns={"person_id": "uuid NOT NULL", "name": "text NOT NULL CHECK (name <> '重')", "gone": "boolean NOT NULL"},
)


class Fault:
    """Whether the planted view still has its fault."""

    there = True


def reads(recorded: Recorded) -> Iterable[Group]:
    ours = isinstance(recorded.event, PersonRegistered | PersonDeactivated)
    return [(NAMES, stream_uuid(recorded.stream))] if ours else []


def apply(recorded: Recorded, rows: Rows) -> None:
    match recorded.event:
        case PersonRegistered(name=name):
            if name == POISON and Fault.there:
                raise ValueError("this view cannot take this")
            rows.put(NAMES, {"person_id": stream_uuid(recorded.stream), "name": name, "gone": False})
        case PersonDeactivated():
            rows.change(NAMES, stream_uuid(recorded.stream), gone=True)
        case _:
            pass


PLANTED = Projection("planted", 1, (NAMES,), reads, apply)


@pytest.fixture
def zeren(database_url: str) -> Iterator[Zeren]:
    """An open ledger with the planted view, taken forward by hand."""
    Fault.there = True
    with Zeren(database_url, projecting=False) as opened:
        with opened.database.connection() as connection:
            prepare(connection, [PLANTED])
        yield opened


def give(zeren: Zeren, person: UUID, command: Command) -> int:
    return zeren.handler.execute(Request(stream_id("person", PersonId(person)), command, context("system"))).position


def register(zeren: Zeren, *names: str) -> list[UUID]:
    people = [uuid4() for _ in names]
    for person, name in zip(people, names, strict=True):
        give(zeren, person, RegisterPerson(name=name))
    return people


def leave(zeren: Zeren, person: UUID) -> int:
    return give(zeren, person, DeactivatePerson.model_validate({"since": "2025-03-01T09:00:00+08:00"}))


def shown(zeren: Zeren) -> dict[str, bool]:
    rows = zeren.database.rows("SELECT name, gone FROM view_planted.names WHERE known_to IS NULL")
    return {row["name"]: row["gone"] for row in rows}


def parked(zeren: Zeren) -> list[tuple[str, int]]:
    return [(row["stream"], row["position"]) for row in zeren.database.rows("SELECT * FROM zeren.parked")]


@pytest.mark.parametrize("bad_name", [POISON, "重"], ids=["the fold fails", "the table refuses"])
def test_a_stream_is_parked_and_the_others_go_on(zeren: Zeren, bad_name: str) -> None:
    runner = Runner(zeren.ledger, [PLANTED])
    lin, bad, wang = register(zeren, "林晓", bad_name, "王伟")
    leave(zeren, bad)
    leave(zeren, wang)
    runner.catch_up()
    assert shown(zeren) == {"林晓": False, "王伟": True}
    assert parked(zeren) == [(f"person:{bad}", 6)]
    leave(zeren, lin)
    runner.catch_up()
    assert shown(zeren) == {"林晓": True, "王伟": True}


def test_a_mended_view_takes_what_was_parked(zeren: Zeren) -> None:
    runner = Runner(zeren.ledger, [PLANTED])
    (bad,) = register(zeren, POISON)
    runner.catch_up()
    leave(zeren, bad)
    runner.catch_up()
    assert replay_parked(zeren.ledger, [PLANTED]) == {"planted": 1}
    assert (shown(zeren), len(parked(zeren))) == ({}, 1)
    Fault.there = False
    assert replay_parked(zeren.ledger, [PLANTED]) == {}
    assert (shown(zeren), parked(zeren)) == ({POISON: True}, [])


def test_a_rebuild_that_fails_leaves_the_old_view_in_use(zeren: Zeren) -> None:
    runner = Runner(zeren.ledger, [PLANTED])
    register(zeren, "林晓", POISON)
    runner.catch_up()
    with pytest.raises(ValueError, match="cannot take"):
        rebuild(zeren.ledger, PLANTED)
    assert shown(zeren) == {"林晓": False}
    Fault.there = False
    assert rebuild(zeren.ledger, PLANTED) == zeren.ledger.size()
    assert (shown(zeren), parked(zeren)) == ({"林晓": False, POISON: False}, [])


def test_a_view_of_an_older_version_is_noticed(zeren: Zeren) -> None:
    newer = Projection("planted", 2, (NAMES,), reads, apply)
    with zeren.database.connection() as connection:
        assert prepare(connection, [newer]) == [newer]


def test_rows_and_position_are_saved_together(zeren: Zeren) -> None:
    runner = Runner(zeren.ledger, [PLANTED])
    register(zeren, "林晓")
    with zeren.database.connection() as connection:
        connection.execute("ALTER TABLE zeren.checkpoint ADD CONSTRAINT stuck CHECK (position < 5) NOT VALID")
    with pytest.raises(psycopg.errors.CheckViolation):
        runner.catch_up()
    assert shown(zeren) == {}
    with zeren.database.connection() as connection:
        connection.execute("ALTER TABLE zeren.checkpoint DROP CONSTRAINT stuck")
    runner.catch_up()
    assert shown(zeren) == {"林晓": False}


def test_two_runners_at_once_apply_every_event_once(zeren: Zeren) -> None:
    first, second = Runner(zeren.ledger, [PLANTED]), Runner(zeren.ledger, [PLANTED])
    register(zeren, "林晓", "王伟")
    first.advance()
    second.advance()
    counts = zeren.database.rows("SELECT count(*) AS n FROM view_planted.names")
    assert counts[0]["n"] == 2
