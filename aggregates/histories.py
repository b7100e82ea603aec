"""What a stream remembers of each item's events, so that one of them can be put right and the others told anew."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from events.base import Event
from events.catalogue import Named
from events.lives import Life, Step, lives, steps
from events.vocabulary.items import HELD, ItemKind
from events.vocabulary.values import EARLIEST


@dataclass(frozen=True, slots=True)
class Told:
    """One event about an item."""

    version: int
    event: Named
    """As it truly was, where it was put right."""


@dataclass(frozen=True, slots=True)
class History:
    """The events about an item, in the order in which they were recorded."""

    told: tuple[Told, ...] = ()
    """Those that stand."""
    withdrawn: tuple[int, ...] = ()
    """The versions of those that were withdrawn."""
    facts: tuple[int, ...] = ()
    """The versions of the events that put one of them right."""

    def with_event(self, version: int, event: Event) -> "History":
        """The history with one event more."""
        return History((*self.told, Told(version, event)), self.withdrawn, self.facts)

    def put_right(self, version: int, event: Event | None, fact: int) -> "History":
        """The history with one event as it truly was, or without it."""
        told = {one.version: one for one in self.told}
        told.pop(version, None)
        withdrawn = self.withdrawn
        if event is None:
            withdrawn = (*withdrawn, version)
        else:
            told[version] = Told(version, event)
        return History(tuple(sorted(told.values(), key=lambda one: one.version)), withdrawn, (*self.facts, fact))

    def versions(self) -> tuple[int, ...]:
        """The versions of all events about the item, also of those that put others right."""
        return tuple(sorted((*(one.version for one in self.told), *self.withdrawn, *self.facts)))


def steps_of(told: Iterable[Told], kind: ItemKind) -> Iterator[Step]:
    """The steps in the life of an item; an event without an instant stands where the one before it stood."""
    at: datetime = EARLIEST
    for one in told:
        at = one.event.instant or at
        for of, step in steps(one.event, one.version, at):
            if of is kind:
                yield step


def life_of(told: Iterable[Told], kind: ItemKind) -> list[Life]:
    """The life of an item."""
    return lives(steps_of(told, kind))


def held_kind(subject: str) -> ItemKind | None:
    """The kind of item that a subject names; none where nobody answers for items of that kind."""
    return _HELD.get(subject.partition(":")[0])


_HELD = {kind.name: kind for kind in HELD}


def handed(told: Sequence[Told]) -> Event | None:
    """The last event that handed an item to a person; none where nobody was handed it."""
    return next((one.event for one in reversed(told) if one.event.hands and getattr(one.event, one.event.hands)), None)
