"""The story as it is told: who entered what, when."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import cast

from pydantic import JsonValue

from aggregates.customer.state import Customer
from aggregates.decider import State
from commands.base import Command
from commands.facts import CorrectFact, WithdrawFact
from events.base import Event
from events.vocabulary.identifiers import StreamId, event_id
from services.sample.days import Days
from services.sample.people import Employee


@dataclass(frozen=True, slots=True)
class PuttingRight:
    """What somebody found out about an event of an item: how it truly was, or that it never was."""

    item: str
    """For example `commitment:ID`."""
    event: type[Event]
    """The class of the event, the last one of the item."""
    reason: str
    values: tuple[tuple[str, JsonValue], ...] | None = None
    """How some fields truly were; none where it never was."""

    def command(self, state: State) -> CorrectFact | WithdrawFact:
        """The order, once it is known where the event stands."""
        told = cast("Customer", state).histories[self.item].told
        version = next(one.version for one in reversed(told) if isinstance(one.event, self.event))
        event = event_id(state.stream, version)
        if self.values is None:
            return WithdrawFact(event=event, reason=self.reason)
        return CorrectFact(event=event, values=dict(self.values), reason=self.reason)


@dataclass(frozen=True, slots=True)
class Entry:
    """What one person enters at one moment about one stream, all or nothing."""

    at: datetime
    """The recorded time."""
    by: Employee
    on_behalf_of: Employee | None
    stream: StreamId
    told: tuple[Command | PuttingRight, ...]

    def commands(self, state: Callable[[StreamId], State]) -> list[Command]:
        """What is to be done, seen from the states of streams at that moment."""
        return [one.command(state(self.stream)) if isinstance(one, PuttingRight) else one for one in self.told]


@dataclass
class Story:
    """Collects entries in any order; what would be entered today or later is not told."""

    days: Days
    entries: list[Entry] = field(default_factory=list)

    def tell(
        self,
        at: datetime,
        by: Employee,
        stream: StreamId,
        *commands: Command | PuttingRight,
        on_behalf_of: Employee | None = None,
    ) -> None:
        """Let somebody enter commands at `at`."""
        if at < self.days.end:
            self.entries.append(Entry(at, by, on_behalf_of, stream, commands))

    def in_order(self) -> list[Entry]:
        """The entries by recorded time; those of one moment as they were told."""
        return sorted(self.entries, key=lambda entry: entry.at)
