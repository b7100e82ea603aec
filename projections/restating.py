"""Restates what a correction changes: the true history of an item is folded anew, and the difference believed.

A view tells its rows from events; of a correction it needs to know nothing. What it told of the item before and what
it tells now are both folded from nothing, by its own functions, in rows beside the real ones.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from events.base import Event
from events.catalogue import CATALOGUE, truth
from events.facts import FactCorrected, FactEvent, FactWithdrawn
from events.recorded import Recorded
from events.vocabulary.identifiers import SELF, stream_uuid
from events.vocabulary.items import ItemKind
from projections.tables import Table
from projections.versions import Entry, Rows, Values
from projections.written import read

Group = tuple[Table, Any]
"""A table and the group in it that an event reads."""

FACTS: frozenset[type[Event]] = frozenset((FactCorrected, FactWithdrawn))
"""What puts other events right."""

OF_STREAM: frozenset[type[Event]] = frozenset(
    cls for cls in CATALOGUE.values() if cls not in FACTS and (cls.about is None or cls.about.whole)
)
"""What is about a stream as a whole."""

_PROOF = "events"
"""The column with the events that prove a row."""


@dataclass(frozen=True, slots=True)
class Folding:
    """How a view makes its rows of events."""

    reads: Callable[[Recorded], Iterable[Group]]
    apply: Callable[[Recorded, Rows], None]


def corrected_class(recorded: Recorded) -> type[Event]:
    """The class of the event that another one puts right."""
    event = recorded.event
    if not isinstance(event, FactCorrected | FactWithdrawn):
        raise TypeError(f"{event.event_name} puts nothing right")
    return CATALOGUE[event.fact]


def history_of(recorded: Recorded, before: Iterable[Recorded]) -> list[Recorded]:
    """Of the events before one that puts another right, those that it names, and those that put them right since.

    One command may put several events right; of those that go before it, none names the others. What is about a stream
    as a whole is told as a whole, whichever rules it follows: a view has one row of a project.
    """
    fact = recorded.event
    if not isinstance(fact, FactCorrected | FactWithdrawn):
        return []
    if fact.item == SELF:
        return [one for one in before if one.kind in OF_STREAM or _puts_right(one, lambda other: other.item == SELF)]
    named = frozenset(fact.history)
    return [one for one in before if one.version in named or _puts_right(one, lambda other: other.version in named)]


def _puts_right(recorded: Recorded, what: Callable[[FactEvent], bool]) -> bool:
    event = recorded.event if recorded.kind in FACTS else None
    return isinstance(event, FactCorrected | FactWithdrawn) and what(event)


def true_history(history: Iterable[Recorded], *corrections: Recorded) -> list[Recorded]:
    """Events about an item as they should have been recorded, in their old places; what was withdrawn is left out.

    With the event that opened an item everything that is said of it is left out. `corrections` are further ones, later
    than those in the history.
    """
    told = sorted(history, key=lambda recorded: recorded.version)
    truths: dict[int, Event | None] = {}
    for recorded in (*told, *corrections):
        fact = recorded.event if recorded.kind in FACTS else None
        if isinstance(fact, FactCorrected):
            truths[fact.version] = truth(fact)
        elif isinstance(fact, FactWithdrawn):
            truths[fact.version] = None
    found: list[Recorded] = []
    gone: set[tuple[ItemKind | None, UUID]] = set()
    for recorded in told:
        if recorded.kind in FACTS:
            continue
        about = recorded.kind.about
        item = about, recorded.event.item_id(about, recorded.stream) if about else stream_uuid(recorded.stream)
        event = truths.get(recorded.version, recorded.event)
        if event is None and recorded.kind.opens:
            gone.add(item)
        elif event is not None and item not in gone:
            found.append(recorded if event is recorded.event else _instead(recorded, event))
    return found


def _instead(recorded: Recorded, event: Event) -> Recorded:
    return Recorded(recorded.stream, recorded.version, recorded.position, recorded.recorded_at, event, recorded.context)


def groups(folding: Folding, recorded: Recorded, history: Sequence[Recorded]) -> Iterable[Group]:
    """The groups of everything that is told of the item, before and after."""
    for one in (*true_history(history), *true_history(history, recorded)):
        yield from folding.reads(one)


def restate(folding: Folding, recorded: Recorded, history: Sequence[Recorded], rows: Rows) -> None:
    """Believe from a correction on what is told of the item as it truly was."""
    before, after = (_folded(folding, told) for told in (true_history(history), true_history(history, recorded)))
    was, now = before.all_believed(), after.all_believed()
    for table, group, key in {**was, **now}:
        old, new = was.get((table, group, key)), now.get((table, group, key))
        if new is None:
            rows.remove(table, key, group)
        elif old != new:
            rows.put(table, _changed(rows.get(table, key, group), old, new, recorded.id))
    _restate_entries(before.all_entered(), after.all_entered(), rows)


def _folded(folding: Folding, told: Iterable[Recorded]) -> Rows:
    rows = Rows()
    for recorded in told:
        for table, group in folding.reads(recorded):
            if not rows.knows(table, group):
                rows.load(table, group, ())
        rows.position = recorded.position
        folding.apply(recorded, rows)
    return rows


def _changed(real: Values | None, old: Values | None, new: Values, correction: UUID) -> Values:
    """The row with the columns that the correction changes; others may be of events that do not belong to the item."""
    values = new if real is None or old is None else {**real, **{k: v for k, v in new.items() if v != old.get(k)}}
    if _PROOF not in new:
        return values
    put_right = [one for one in (real or {}).get(_PROOF, ()) if one not in (old or {}).get(_PROOF, ())]
    return {**values, _PROOF: [*dict.fromkeys((*new[_PROOF], *put_right, correction))]}


def _restate_entries(
    before: Mapping[tuple[Table, Any], Entry], after: Mapping[tuple[Table, Any], Entry], rows: Rows
) -> None:
    for table, key in {**before, **after}:
        old, new = before.get((table, key)), after.get((table, key))
        if old and new and read(table.columns, old) == read(table.columns, new):
            continue
        if old:
            rows.expire(table, key)
        if new:
            rows.enter(table, new)
