"""The rules of a kind of stream: each command and event goes to its slice, and what all of them share is done once."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from aggregates import facts
from aggregates.changing import replace
from aggregates.circumstances import Circumstances
from aggregates.due import Due
from aggregates.histories import History, held_kind
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
        if not event.planned and circumstances.is_ahead(event.happened):
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
        _note_open(event, place, history, state, changed)
    return replace(state, **changed)


_NEW = History()


def _note_open(event: Event, place: str, history: History, state: Any, changed: dict[str, Any]) -> None:
    """Keep in mind which of the items that somebody answers for are open."""
    kind = held_kind(place)
    if kind is None:
        return
    for turn in event.turns:
        if turn.of is None and turn.status is not None:
            opened = history.told[0].version
            open_items = state.open_items
            changed["open_items"] = (
                open_items.put(place, opened) if turn.status in kind.open else open_items.without(place)
            )


def due(state: Any, now: datetime, routes: Routes) -> list[Due]:
    """The commands whose time has come by now, the earliest first."""
    found = (one for of in routes.slices for one in of.due(getattr(state, of.name), state, now))
    return sorted(found, key=lambda one: one.at)
