"""Tells the story of a territory again and again: with other ids for every copy, and some weeks later for some."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cache, lru_cache
from uuid import UUID

from benchmarks.company.story import MARK, Written
from benchmarks.company.territory import territory
from events.vocabulary.identifiers import StreamId, event_id

AT_A_TIME = 16
"""Territories that live at the same time, event by event in turns."""

_WEEKS = 100
"""After so many weeks of delay, business times begin anew."""
_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d(?=:\d\d(?:\.\d+)?Z)")
_ID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
_MARK = MARK.encode()
_SCRAMBLE = 0x9E37_79B9_7F4B
"""Odd, so that no two copies meet; their ids are spread like random ones."""


@dataclass(frozen=True, slots=True)
class Told:
    """One event of the story as a template: the mark stands where the copy's own mark goes."""

    stream: str
    version: int
    topic: str
    state: bytes
    claim: str | None
    refers: tuple[tuple[str, StreamId, int], ...] = ()
    """Event ids in the state, which follow from the stream and version that they stand for."""


def told(start: int, end: int, at_a_time: int = AT_A_TIME) -> Iterator[Written]:
    """The events number `start`, `start + 1`, … below `end` of an endless history, the first being 0."""
    length = len(_templates(0))
    for number in range(start, end):
        turn, place = divmod(number, length * at_a_time)
        step, territory_of_turn = divmod(place, at_a_time)
        yield _copied(_templates(turn % _WEEKS)[step], _mark(turn * at_a_time + territory_of_turn))


@lru_cache(maxsize=1 << 12)
def _mark(number: int) -> str:
    scrambled = f"{(number + 1) * _SCRAMBLE % (1 << 48):012x}"
    return f"{scrambled[:8]}-{scrambled[8:]}"


def _copied(template: Told, mark: str) -> Written:
    state = template.state.replace(_MARK, mark.encode())
    for written, stream, version in template.refers:
        own = event_id(StreamId(stream.replace(MARK, mark)), version)
        state = state.replace(written.encode(), str(own).encode())
    return Written(
        StreamId(template.stream.replace(MARK, mark)),
        template.version,
        template.topic,
        state,
        template.claim and template.claim.replace(MARK, mark),
    )


@lru_cache(maxsize=2)
def _templates(weeks: int) -> tuple[Told, ...]:
    """The story told some weeks later."""
    if not weeks:
        return _first_told()
    later: dict[str, str] = {}

    def shifted(found: re.Match[str]) -> str:
        text = found[0]
        if text not in later:
            later[text] = f"{datetime.fromisoformat(text) + timedelta(weeks=weeks):%Y-%m-%dT%H:%M}"
        return later[text]

    return tuple(
        replace(template, state=_INSTANT.sub(shifted, template.state.decode()).encode()) for template in _first_told()
    )


@cache
def _first_told() -> tuple[Told, ...]:
    story = territory()
    events = {str(event_id(one.stream, one.version)): (one.stream, one.version) for one in story}
    names = _own_names(story, events)
    return tuple(_template(one, names, events) for one in story)


def _own_names(story: tuple[Written, ...], events: Mapping[str, object]) -> dict[str, str]:
    """New names for the ids that the rules derived from others, so that they differ from copy to copy."""
    derived = {
        found: None
        for one in story
        for found in _ID.findall(one.state.decode())
        if not found.startswith(MARK) and found not in events
    }
    return {found: str(UUID(f"{MARK}-4000-8001-{number:012x}")) for number, found in enumerate(derived)}


def _template(one: Written, names: Mapping[str, str], events: Mapping[str, tuple[StreamId, int]]) -> Told:
    def named(found: re.Match[str]) -> str:
        return names.get(found[0], found[0])

    state = _ID.sub(named, one.state.decode())
    refers = tuple((found, *events[found]) for found in dict.fromkeys(_ID.findall(state)) if found in events)
    claim = one.claim and _ID.sub(named, one.claim)
    return Told(one.stream, one.version, one.topic, state.encode(), claim, refers)
