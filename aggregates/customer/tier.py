"""The rules of the customer's tier."""

from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from datetime import datetime
from typing import assert_never

from aggregates.circumstances import Circumstances
from aggregates.customer.account import Account
from aggregates.fingerprint import Fingerprint, fingerprint
from aggregates.slices import Slice
from commands.customer.tier import AssignTier, OverrideTier, TierCommand
from events.customer.tier import TierAssigned, TierEvent, TierOverridden
from events.vocabulary.values import Tier


@dataclass(frozen=True, slots=True)
class Tiers:
    """What is remembered of the tiers."""

    given: tuple[tuple[datetime, Tier], ...] = ()
    """From when on which tier is in force, in the order of time."""
    last: Fingerprint | None = None
    """The last event about the tier."""

    def at(self, at: datetime) -> Tier | None:
        """The tier in force at an instant; of two from the same instant on, the one recorded later."""
        begun = bisect_right(self.given, at, key=_since)
        return self.given[begun - 1][1] if begun else None


def decide(command: TierCommand, mine: Tiers, _customer: Account, _circumstances: Circumstances) -> list[TierEvent]:
    """The events that follow from a command; none where there is nothing to do."""
    event: TierEvent
    match command:
        case AssignTier():
            event = TierAssigned(tier=command.tier, since=command.since)
        case OverrideTier():
            event = TierOverridden(tier=command.tier, since=command.since)
        case _:
            assert_never(command)
    return [] if fingerprint(event) == mine.last else [event]


def evolve(mine: Tiers, event: TierEvent, _version: int) -> Tiers:
    """The tiers after an event."""
    earlier = mine.given[: bisect_left(mine.given, event.since, key=_since)]
    later = mine.given[bisect_right(mine.given, event.since, key=_since) :]
    return Tiers((*earlier, (event.since, event.tier), *later), fingerprint(event))


def _since(one: tuple[datetime, Tier]) -> datetime:
    return one[0]


SLICE = Slice("tier", TierCommand, TierEvent, decide, evolve)
