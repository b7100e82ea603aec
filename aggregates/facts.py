"""The rules for putting right what was recorded wrongly: the item is told again, with the truth in the old place."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from aggregates.changing import replace
from aggregates.circumstances import Circumstances
from aggregates.histories import History, Told, held_kind, life_of
from aggregates.items import Items
from aggregates.refusal import Refused
from aggregates.slices import Routes, Slice
from commands.facts import CorrectFact, FactCommand
from events.base import Event
from events.catalogue import CATALOGUE, WrongValueError, truth, with_values
from events.facts import FactCorrected, FactEvent, FactWithdrawn
from events.lives import is_open
from events.vocabulary.identifiers import SELF, EventId, event_id


def place_of(subject: str, of: Slice, mine: Any) -> str:
    """Where the history of what an event is about is remembered: `commitment:ID`, or the slice of what is no item."""
    return of.name if subject == SELF else of.place(subject, mine)


def is_remembered(event: Event) -> bool:
    """Whether an event is kept in full; what is said of an item once can be read again when it is put right."""
    return event.about is None or not event.about.once


@dataclass(frozen=True, slots=True)
class _Found:
    """The fact that a command names."""

    version: int
    event: Event
    """As it is believed now."""
    slice: Slice
    place: str
    history: History
    withdrawn: bool


def decide(command: FactCommand, state: Any, circumstances: Circumstances, routes: Routes) -> list[Any]:
    """What puts a fact right; more than one event where others follow from it."""
    found = _found(command.event, state, circumstances, routes)
    own = found.slice.correct(command, found.event, state, circumstances) if found.slice.correct else None
    if own is not None:
        return list(own)
    if isinstance(command, CorrectFact):
        if found.withdrawn:
            raise Refused("fact.withdrawn", "event")
        after = _said(found.event, command.values)
        if after == found.event:
            return []
        _admit(after, found, state, circumstances, command.values)
        return _told_again(found, after, state, circumstances, command.values)
    if found.withdrawn:
        return []
    if type(found.event) is routes.opening:
        raise Refused("fact.opens-stream", "event")
    return _told_again(found, None, state, circumstances, {})


def _found(event: EventId, state: Any, circumstances: Circumstances, routes: Routes) -> _Found:
    version = next((one for one in range(state.version, 0, -1) if event_id(state.stream, one) == event), None)
    if version is None:
        raise Refused("fact.unknown", "event")
    recorded = circumstances.recorded(version)
    if isinstance(recorded, FactEvent) or getattr(recorded, "corrects", None) is not None:
        raise Refused("fact.correction-of-correction", "event")
    of = routes.by_event[type(recorded)]
    place = place_of(recorded.about_item, of, getattr(state, of.name))
    history = state.histories.get(place) or History((Told(version, recorded),))
    believed = next((one.event for one in history.told if one.version == version), recorded)
    return _Found(version, believed, of, place, history, version in history.withdrawn)


def _said(event: Event, values: Mapping[str, Any]) -> Event:
    identifier = event.about.field if event.about and not event.about.whole else None
    for name in values:
        if name == identifier or name in event.derived or event.is_noted:
            raise Refused("fact.field-fixed", f"values.{name}")
    try:
        return with_values(event, values)
    except WrongValueError as wrong:
        raise Refused("fact.value-invalid", f"values.{wrong.field}" if wrong.field in values else "values") from wrong


def _admit(after: Event, found: _Found, state: Any, circumstances: Circumstances, values: Mapping[str, Any]) -> None:
    if not after.planned and circumstances.is_ahead(after.happened):
        raise Refused("fact.in-the-future", f"values.{after.occurs}" if after.occurs in values else "event")
    try:
        found.slice.admit(after, found.event, state, circumstances)
    except Refused as refused:
        raise _at(refused, found.event, values) from refused


def _at(refused: Refused, event: Event, values: Mapping[str, Any]) -> Refused:
    """The refusal of another command's rule, at the field of this one."""
    name = event.occurs if refused.field == "occurred_at" else refused.field
    return refused.at(f"values.{name}" if name in values else "event")


def _told_again(
    found: _Found, after: Event | None, state: Any, circumstances: Circumstances, values: Mapping[str, Any]
) -> list[FactCorrected | FactWithdrawn]:
    """Tell the item from its first event on; what follows otherwise than before is put right too."""
    following: list[FactCorrected | FactWithdrawn] = []
    taken_back: list[FactCorrected | FactWithdrawn] = []
    of, mine = found.slice, _forgotten(found.slice, found.place, state)
    told: list[Told] = []
    opened = after is None and found.history.told[0].version == found.version
    for one in found.history.told:
        event: Event | None = after if one.version == found.version else one.event
        if event is not None and not (opened and event.is_noted):
            try:
                event = of.settle(event, one.event, mine, tuple(told), state, circumstances)
            except Refused as refused:
                raise _at(refused, found.event, values) from refused
        elif opened:
            event = None
        if event is None or event != one.event:
            noted = event is None and one.version != found.version
            (taken_back if noted else following).append(_put_right(found, one, event, state))
        if event is not None:
            mine = of.evolve(mine, event, one.version)
            told.append(Told(one.version, event))
    # What a process noted goes first: nothing may be told of an item that is not there any more.
    return taken_back + following


def _forgotten(of: Slice, place: str, state: Any) -> Any:
    mine = getattr(state, of.name)
    if of.forget is not None:
        return of.forget(mine, place)
    return mine.without(UUID(place.partition(":")[2])) if isinstance(mine, Items) else type(mine)()


def _put_right(found: _Found, one: Told, event: Event | None, state: Any) -> FactCorrected | FactWithdrawn:
    fact: dict[str, Any] = {
        "corrects": event_id(state.stream, one.version),
        "version": one.version,
        "item": one.event.about_item,
        "history": found.history.versions(),
        "fact": one.event.event_name,
    }
    if event is None:
        return FactWithdrawn(**fact)
    return FactCorrected(**fact, shape=event.class_version, truth=event.model_dump(mode="json"))


def evolve(state: Any, fact: FactEvent, routes: Routes) -> Any:
    """The state after a fact was put right: the item is told again from its first event on."""
    version = state.version + 1
    of = routes.by_event[CATALOGUE[fact.fact]]
    mine = getattr(state, of.name)
    place = place_of(fact.item, of, mine)
    event = truth(fact) if isinstance(fact, FactCorrected) else None
    history = (state.histories.get(place) or History()).put_right(fact.version, event, version)
    mine = _forgotten(of, place, state)
    for one in history.told:
        mine = of.evolve(mine, one.event, one.version)
    return replace(
        state,
        version=version,
        histories=state.histories.put(place, history),
        open_items=_open_items(state.open_items, place, history),
        **{of.name: mine},
    )


def _open_items(before: Items[str, int], place: str, history: History) -> Items[str, int]:
    kind = held_kind(place)
    if kind is None:
        return before
    life = life_of(history.told, kind)
    return before.put(place, history.told[0].version) if life and is_open(kind, life[-1]) else before.without(place)
