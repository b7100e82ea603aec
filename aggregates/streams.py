"""The rules of a kind of stream: each command and event goes to its slice, and what all of them share is done once."""

from collections.abc import Sequence
from datetime import datetime
from functools import cache
from typing import Any

from aggregates import facts
from aggregates.changing import replace
from aggregates.circumstances import Circumstances
from aggregates.due import Due
from aggregates.histories import History
from aggregates.items import Items
from aggregates.refusal import Refused
from aggregates.slices import Routes
from commands.base import Command
from commands.facts import FactCommand
from events.base import Event
from events.facts import FactEvent


def decide(command: Command, state: Any, circumstances: Circumstances, routes: Routes) -> list[Any]:
    """The events that follow from a command; none where there is nothing to do."""
    if command.occurred_at is not None and circumstances.is_ahead(command.occurred_at):
        raise Refused("fact.in-the-future", "occurred_at")
    if isinstance(command, FactCommand):
        return facts.decide(command, state, circumstances, routes)
    of = routes.by_command[type(command)]
    events = list(of.decide(command, getattr(state, of.name), state, circumstances))
    _require_past(events, command, circumstances)
    return events


def _require_past(events: Sequence[Event], command: Command, circumstances: Circumstances) -> None:
    """Refuse facts that lie in the future; plans may."""
    for event in events:
        if event.occurs is not None and not event.planned and circumstances.is_ahead(getattr(event, event.occurs)):
            raise Refused("fact.in-the-future", event.occurs if event.occurs in type(command).model_fields else None)


def evolve(state: Any, event: Event, routes: Routes) -> Any:
    """The state after an event."""
    if isinstance(event, FactEvent):
        return facts.evolve(state, event, routes)
    version = state.version + 1
    of = routes.by_event[type(event)]
    mine = of.evolve(getattr(state, of.name), event, version)
    changed: dict[str, Any] = {"version": version, of.name: mine}
    if facts.is_remembered(event):
        place = facts.place_of(event.about_item, of, mine)
        history = (state.histories.get(place) or _NEW).with_event(version, event)
        changed["histories"] = state.histories.put(place, history)
        opens = _opens(type(event))
        if opens is not None:
            changed["open_items"] = _with_open(state.open_items, place, history.told[0].version if opens else None)
    return replace(state, **changed)


_NEW = History()


@cache
def _opens(cls: type[Event]) -> bool | None:
    """Whether an item that somebody answers for is open after an event; none where it stays as it is."""
    if cls.about is None or not cls.about.held:
        return None
    said = [turn.status for turn in cls.turns if turn.of is None and turn.status is not None]
    return said[-1] in cls.about.open if said else None


def _with_open(open_items: Items[str, int], place: str, opened: int | None) -> Items[str, int]:
    """What is open, with an item that was opened at a version, or without it; as it was where it is so already."""
    if open_items.get(place) == opened:
        return open_items
    return open_items.without(place) if opened is None else open_items.put(place, opened)


def due(state: Any, now: datetime, routes: Routes) -> list[Due]:
    """The commands whose time has come by now, the earliest first."""
    found = (one for of in routes.slices for one in of.due(getattr(state, of.name), state, now))
    return sorted(found, key=lambda one: one.at)
