"""A view with planted faults, and people to tell it about."""

from collections.abc import Iterable
from uuid import UUID, uuid4

from commands.base import Command
from commands.person.directory import DeactivatePerson, RegisterPerson
from events.person.directory import PersonDeactivated, PersonRegistered
from events.recorded import Recorded
from events.vocabulary.identifiers import PersonId, stream_id, stream_uuid
from projections.base import Group, Projection, Rows, Table
from services.application import Zeren
from services.handling import Request, context

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
    """The person's row."""
    ours = isinstance(recorded.event, PersonRegistered | PersonDeactivated)
    return [(NAMES, stream_uuid(recorded.stream))] if ours else []


def apply(recorded: Recorded, rows: Rows) -> None:
    """Believe that somebody is there, or gone."""
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


def give(zeren: Zeren, person: UUID, command: Command) -> int:
    """Record a command about a person; its position."""
    return zeren.handler.execute(Request(stream_id("person", PersonId(person)), command, context("system"))).position


def register(zeren: Zeren, *names: str) -> list[UUID]:
    """Register people in one transaction each group of the handler's choosing."""
    people = [uuid4() for _ in names]
    zeren.handler.execute_groups(
        [
            [Request(stream_id("person", PersonId(person)), RegisterPerson(name=name), context("system"))]
            for person, name in zip(people, names, strict=True)
        ]
    )
    return people


def leave(zeren: Zeren, person: UUID) -> int:
    """Somebody leaves."""
    return give(zeren, person, DeactivatePerson.model_validate({"since": "2025-03-01T09:00:00+08:00"}))


def shown(zeren: Zeren) -> dict[str, bool]:
    """Name → whether gone, as the planted view has it."""
    rows = zeren.database.rows("SELECT name, gone FROM view_planted.names WHERE known_to IS NULL")
    return {row["name"]: row["gone"] for row in rows}


def parked(zeren: Zeren) -> list[tuple[str, int]]:
    """The streams that views left out, with the positions they were left at."""
    return [(row["stream"], row["position"]) for row in zeren.database.rows("SELECT * FROM zeren.parked")]
