"""One event of every kind, each as the last one of its stream: what may be put right, and what may not."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any

from aggregates import decider
from aggregates.circumstances import Circumstances
from commands.facts import CorrectFact
from events.base import Event
from events.catalogue import CATALOGUE
from events.vocabulary.identifiers import EventId, stream_id
from services.handling.first_rules import first_rules
from services.sample.days import Days
from services.sample.whole import story
from tests.domain.given import Scenario
from tests.sample.company import DAY
from tests.sample.in_memory import POLICY, World

REASON = "核对后更正"
KINDS = tuple(sorted(name for name in CATALOGUE if not name.startswith("policy.")))
"""The rules of the company are published anew; everything else that is recorded may have been recorded wrongly."""


@cache
def world() -> World:
    """The sample company with all that fell due in it."""
    days, told = Days(DAY), World()
    for rule in first_rules():
        told.give(days.beginning, POLICY, rule)
    for entry in story(DAY):
        for command in entry.commands(told.state):
            told.give(entry.at, entry.stream, command)
    for stream, state in [*told.states.items()]:
        for due in decider.due(state, days.end):
            told.give(days.end, stream, due.command)
    return told


def last_of(kind: str) -> Scenario:
    """A stream that ends with an event of that kind, an hour after all that it tells of."""
    told = world()
    stream, version = max(
        (stream, version)
        for stream, events in told.events.items()
        for version, event in enumerate(events, 1)
        if event.event_name == kind
    )
    history = tuple(told.events[stream][:version])
    instants = [one.instant for one in history if one.instant and not one.planned]
    circumstances = Circumstances(
        now=max([Days(DAY).beginning, *instants]) + timedelta(hours=1),
        policy=lambda: told.state(POLICY),  # type: ignore[arg-type, return-value]
        person=lambda identifier: told.state(stream_id("person", identifier)),  # type: ignore[arg-type, return-value]
        customer_exists=lambda identifier: stream_id("customer", identifier) in told.states,
        recorded=lambda version: history[version - 1],
    )
    return replace(Scenario(stream, history, circumstances), timed=True)


def it(scenario: Scenario) -> EventId:
    """The event that the history ends with."""
    return scenario.event(len(scenario.history))


def correct(event: EventId, **values: Any) -> CorrectFact:
    """Say what an event should have said."""
    return CorrectFact(event=event, values=values, reason=REASON)


def said_otherwise(event: Event) -> Iterator[dict[str, Any]]:
    """What the event might have said instead, one field at a time."""
    identifier = event.about.field if event.about and not event.about.whole else None
    for name, said in json.loads(event.written).items():
        if name == identifier or name in event.derived:
            continue
        value = getattr(event, name)
        if isinstance(value, datetime):
            yield from ({name: (value + timedelta(minutes=by)).isoformat()} for by in (-1, 1))
        elif isinstance(value, date):
            yield {name: (value - timedelta(days=1)).isoformat()}
        elif isinstance(said, str):
            yield {name: f"{said}（更正）"}
