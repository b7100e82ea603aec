"""One key account of the story and the team that serves it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import cast

from aggregates.customer.state import Customer
from benchmarks.company.story import Story
from commands.base import Command
from events.vocabulary.identifiers import EventId, PersonId, StreamId, event_id

DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
DEADLINES = "system:when-commitment-falls-due-then-record-it@1"


@dataclass(frozen=True, slots=True)
class Team:
    """Who works in the territory."""

    lead: PersonId
    managers: Sequence[PersonId]
    engineers: Sequence[PersonId]


@dataclass(frozen=True, slots=True)
class Account:
    """A customer with what its chapters share."""

    story: Story
    stream: StreamId
    team: Team
    begins: datetime
    ends: datetime

    @property
    def state(self) -> Customer:
        """How the customer stands."""
        return cast("Customer", self.story.state(self.stream))

    @property
    def last(self) -> EventId:
        """The event that was recorded last."""
        return event_id(self.stream, self.state.version)

    def give(self, at: datetime, command: Command, actor: str | None = None) -> None:
        """Let the account manager, or another actor, give a command."""
        self.story.give(at, self.stream, actor or f"person:{self.manager(at)}", command)

    def manager(self, at: datetime) -> PersonId:
        """Who is the account manager."""
        held = self.state.responsibilities.holding("self", at)
        return next((one.person for one in held if one.original.role == "account_manager"), self.team.lead)

    def chance(self, of: float) -> bool:
        """Whether something happens that happens in a share of all cases."""
        return self.story.chance.random() < of

    def later(self, at: datetime, least: float, most: float) -> datetime:
        """A full minute between `least` and `most` days later."""
        minutes = self.story.chance.uniform(least, most) * 24 * 60
        return at + timedelta(minutes=int(minutes))

    def every(self, days: float, what: Callable[[datetime], None], *, jitter: float = 0.3) -> None:
        """Let something happen again and again, `days` apart more or less."""
        at = self.later(self.begins, 1, 1 + days)
        while at < self.ends:
            self.story.plan(at, what)
            at = self.later(at, days * (1 - jitter), days * (1 + jitter))
