"""What the rules of a stream are made of: slices, each with its own part of the stream's state, found by type."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, get_args

from aggregates.due import Due
from commands.base import Command
from events.base import Event


def _as_it_is(event: Event, *_: Any) -> Event:
    return event


def _anything(*_: Any) -> None:
    """Refuse nothing."""


def _nothing(*_: Any) -> Iterator[Due]:
    return iter(())


def _by_itself(subject: str, _mine: Any) -> str:
    return subject


@dataclass(frozen=True)
class Slice:
    """The rules of one subject. `mine` is its own part of the state, in the field that is named after the slice."""

    name: str
    commands: Any
    """The union of its commands."""
    events: Any
    """The union of its events."""
    decide: Callable[..., Sequence[Any]]
    """command, mine, stream, circumstances → what is to be recorded; may refuse."""
    evolve: Callable[..., Any]
    """mine, event, version → mine after the event; never refuses."""
    settle: Callable[..., Event | None] = _as_it_is
    """event, before, mine, told, stream, circumstances → the event with what follows from what was told before it, none
    where a process noted what is not so; refuses what may not come next. Commands and corrections ask the same;
    `before` is the event as it was believed until now."""
    admit: Callable[..., None] = _anything
    """event, before, stream, circumstances: refuses what may not be said instead of `before`, whatever came earlier."""
    forget: Callable[..., Any] | None = None
    """mine, item → mine as if nothing had been said of it. Unless said, it is taken out of `Items`; any other state is
    that of one item, and begins anew."""
    due: Callable[..., Iterator[Due]] = _nothing
    """mine, stream, now → the commands whose time has come, be it long ago."""
    place: Callable[[str, Any], str] = _by_itself
    """subject, mine → the item together with which an item is told again."""
    correct: Callable[..., Sequence[Any] | None] | None = None
    """command, event, stream, circumstances → what puts an event right, where the slice has events of its own for it;
    none where it leaves that to the mechanism of all."""


@dataclass(frozen=True)
class Routes:
    """The slices of a kind of stream, by the types of commands and events."""

    slices: tuple[Slice, ...]
    by_command: dict[type[Command], Slice]
    by_event: dict[type[Event], Slice]
    opening: type[Event]
    """The event that a stream begins with, and that no other may do without."""


def members(union: Any) -> Iterable[Any]:
    """The classes of a union, or the class itself."""
    return get_args(union) or (union,)


def routes(opening: type[Event], *slices: Slice) -> Routes:
    """The tables for some slices."""
    return Routes(
        slices,
        {command: each for each in slices for command in members(each.commands)},
        {event: each for each in slices for event in members(each.events)},
        opening,
    )
