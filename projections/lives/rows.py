"""The rows of lives: one per step in the life of an item, with the part of its life that begins with it."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any, TypeGuard
from uuid import UUID

from events.base import Event
from events.catalogue import CATALOGUE, truth
from events.facts import FactCorrected, FactEvent, FactWithdrawn
from events.lives import Life, Step, lives, steps
from events.recorded import Recorded
from events.vocabulary.identifiers import EventId, StreamId, event_id, stream_uuid
from events.vocabulary.items import ITEM_KINDS, ItemKind
from projections.base import Group, Projection, Rows, Table
from projections.claims import require_unclaimed

LIVES = Table(
    name="lives",
    key="step",
    group="item",
    columns={
        "step": "text NOT NULL",
        "item": "text NOT NULL",
        "kind": "text NOT NULL",
        "id": "uuid NOT NULL",
        "stream": "text NOT NULL",
        "customer_id": "uuid",
        "version": "integer NOT NULL",
        "told": "jsonb NOT NULL",
        "status": "text",
        "open": "boolean NOT NULL",
        "due_at": "timestamptz",
        "noted": "boolean NOT NULL",
        "since": "timestamptz",
        "until": "timestamptz",
        "events": "uuid[] NOT NULL",
    },
    extras=(
        "CREATE INDEX {name}_of_id ON {table} (id, kind, since DESC)",
        "CREATE INDEX {name}_by_due ON {table} (kind, due_at, id)",
        "CREATE INDEX {name}_by_time ON {table} (since, id, kind)",
        "CREATE INDEX {name}_of_customer ON {table} (customer_id, kind, since)",
        "CREATE INDEX {name}_of_stream ON {table} (stream, kind)",
        # What somebody is to do at a point of effective and known time: a few of all that ever were.
        (
            "CREATE INDEX {name}_pending ON {table} USING gist "
            "(tstzrange(since, until), int8range(known_from, known_to)) "
            "WHERE open AND since IS NOT NULL AND (due_at IS NOT NULL OR kind = 'handover')"
        ),
        (
            "CREATE INDEX {name}_passing ON {table} (due_at, kind, id) "
            "WHERE known_to IS NULL AND open AND NOT noted AND (until IS NULL OR due_at < until)"
        ),
    ),
)
"""One row per step, `step` `ITEM/VERSION` and `item` `KIND:ID`: what was `told`, and over `[since, until)` what the
item was from then on. A step that changes nothing, or that another one from the same instant replaces, has no `since`.
`open` as the kind says it, `due_at` the due time that binds, `noted` whether the ledger says already that it passed;
`events` are those that opened the item, began this part and said its due time, with whatever put them right.
`customer_id` is null for items of other streams."""

KINDS: Mapping[str, ItemKind] = {kind.name: kind for kind in ITEM_KINDS}
_TOLD: frozenset[type[Event]] = frozenset(kind for kind in CATALOGUE.values() if kind.turns)
_FACTS: tuple[type[Event], ...] = (FactCorrected, FactWithdrawn)
_FLAGS = ("moves_due", "pauses", "amends", "assumed", "through")

Told = dict[str, Any]
"""A step as JSON: `at`, and what it says; `envelope`, the instant that counts where the event itself says none;
whether it was `withdrawn`, and the events that put it `right`."""


def reads(recorded: Recorded) -> Iterable[Group]:
    """The items whose lives an event turns, or whose turns it puts right."""
    if recorded.kind in _FACTS:
        return [(LIVES, _item(kind, identifier)) for kind, identifier in _corrected(recorded)]
    event, stream = recorded.event, recorded.stream
    return [(LIVES, _item(kind, event.item_id(kind, stream))) for kind in _kinds(recorded.kind)]


def apply(recorded: Recorded, rows: Rows) -> None:
    """Believe what an event makes of the lives of its items."""
    event, stream = recorded.event, recorded.stream
    if isinstance(event, FactCorrected | FactWithdrawn):
        _put_right(event, recorded, rows)
        return
    for kind, step in steps(event, recorded.version, recorded.occurred_at):
        _tell(recorded, rows, (kind, event.item_id(kind, stream)), step.version, _written(step))


def _kinds(cls: type[Event]) -> dict[ItemKind, None]:
    return {kind: None for kind in (turn.of or cls.about for turn in cls.turns) if kind}


def _item(kind: ItemKind, identifier: UUID) -> str:
    return f"{kind.name}:{identifier}"


def _corrected(recorded: Recorded) -> Iterator[tuple[ItemKind, UUID]]:
    """The items whose lives the corrected event turns."""
    event = recorded.event
    if isinstance(event, FactCorrected | FactWithdrawn):
        for kind in _kinds(CATALOGUE[event.fact]):
            yield kind, stream_uuid(recorded.stream) if kind.whole else UUID(event.item.partition(":")[2])


def _put_right(event: FactEvent, recorded: Recorded, rows: Rows) -> None:
    for kind, identifier in _corrected(recorded):
        item = _item(kind, identifier)
        row = rows.get(LIVES, f"{item}/{event.version}", item)
        before: Told = row["told"] if row else {"at": recorded.occurred_at.isoformat()}
        envelope: str = before.get("envelope") or before["at"]
        said = steps(truth(event), event.version, datetime.fromisoformat(envelope)) if _is_correction(event) else ()
        step = next((one for of, one in said if of == kind), None)
        if row is None and step is None:
            continue
        after = _written(step) if step else {"at": before["at"], "withdrawn": True}
        after |= {"envelope": envelope, "right": [*before.get("right", ()), str(recorded.id)]}
        _tell(recorded, rows, (kind, identifier), event.version, after)


def _tell(recorded: Recorded, rows: Rows, one: tuple[ItemKind, UUID], version: int, told: Told) -> None:
    """Believe a step of an item, and fold its life anew."""
    kind, identifier = one
    item, stream = _item(kind, identifier), recorded.stream
    before = {row["version"]: row for row in rows.group(LIVES, item)}
    require_unclaimed(next(iter(before.values()), None), "stream", stream)
    known_told = {known: row["told"] for known, row in before.items()} | {version: told}
    all_told = {known: known_told[known] for known in sorted(known_told)}
    parts = {part.version: part for part in _lived(all_told)}
    proof = _Proof(stream, all_told, parts.values())
    customer_id = stream_uuid(stream) if stream.startswith("customer:") else None
    goes_on = _goes_on(all_told, version)
    for known, said in all_told.items():
        part = parts.get(known)
        row = before.get(known)
        if goes_on and row is not None and known != version and _stays(row, part):
            if part and (row["until"], row["noted"]) != (part.until, part.noted):
                rows.put(LIVES, {**row, "until": part.until, "noted": part.noted})
            continue
        rows.put(
            LIVES,
            {
                "step": f"{item}/{known}",
                "item": item,
                "kind": kind.name,
                "id": identifier,
                "stream": stream,
                "customer_id": customer_id,
                "version": known,
                "told": said,
                "status": part.status if part else None,
                "open": part is not None and part.status in kind.open,
                "due_at": part.due_at if part else None,
                "noted": part is not None and part.noted,
                "since": part.since if part else None,
                "until": part.until if part else None,
                "events": proof.of(part) if part else [],
            },
        )


def _goes_on(told: Mapping[int, Told], version: int) -> bool:
    """Whether a step comes after all others, none of which was put right: what proves the parts before it stays."""
    at = datetime.fromisoformat(told[version]["at"])
    return version == max(told) and not any(
        "amends" in one or "right" in one or "withdrawn" in one or datetime.fromisoformat(one["at"]) > at
        for one in told.values()
    )


def _stays(row: Mapping[str, Any], part: Life | None) -> bool:
    """Whether a part of a life is what it was, but for its end."""
    if part is None:
        return row["since"] is None
    return (row["since"], row["status"], row["due_at"]) == (part.since, part.status, part.due_at)


def _lived(told: Mapping[int, Told]) -> list[Life]:
    """The parts of a life; none once the event that opened it is withdrawn."""
    if told[min(told)].get("withdrawn"):
        return []
    return lives(_step(version, one) for version, one in told.items() if not one.get("withdrawn"))


class _Proof:
    """Which events prove a part of a life."""

    def __init__(self, stream: StreamId, told: Mapping[int, Told], parts: Iterable[Life]) -> None:
        self._stream, self._told = stream, told
        self._opened = min(told)
        self._withdrawn = [
            (datetime.fromisoformat(said["at"]), said["right"]) for said in told.values() if said.get("withdrawn")
        ]
        self._begins = min((part.since for part in parts), default=None)

    def of(self, part: Life) -> list[EventId]:
        """The events that opened the item, began the part, said its due time, and put any of them right."""
        found: dict[EventId, None] = {}
        for version in dict.fromkeys((self._opened, part.version, *part.due)):
            found[event_id(self._stream, version)] = None
            found |= dict.fromkeys(EventId(UUID(one)) for one in self._told[version].get("right", ()))
        for at, right in self._withdrawn:
            if part.covers(at) or (self._begins == part.since and at < part.since):
                found |= dict.fromkeys(EventId(UUID(one)) for one in right)
        return list(found)


def _is_correction(event: FactEvent) -> TypeGuard[FactCorrected]:
    return isinstance(event, FactCorrected)


def _written(step: Step) -> Told:
    told: Told = {"at": step.at.isoformat()}
    if step.assumed:
        told["envelope"] = told["at"]
    if step.status:
        told["status"] = step.status
    if step.due_at:
        told["due_at"] = step.due_at.isoformat()
    if step.noted:
        told["noted"] = step.noted.isoformat()
    return told | {name: True for name in _FLAGS if getattr(step, name)}


def _step(version: int, told: Told) -> Step:
    due_at, noted = told.get("due_at"), told.get("noted")
    return Step(
        version,
        datetime.fromisoformat(told["at"]),
        told.get("status"),
        datetime.fromisoformat(due_at) if due_at else None,
        moves_due="moves_due" in told,
        pauses="pauses" in told,
        amends="amends" in told,
        assumed="assumed" in told,
        noted=datetime.fromisoformat(noted) if noted else None,
        through="through" in told,
    )


PROJECTION = Projection("lives", 1, (LIVES,), reads, apply, _TOLD | frozenset(_FACTS), facts=True)
