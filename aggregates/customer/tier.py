"""The rules of the customer's tier."""

from bisect import bisect_left, bisect_right
from datetime import datetime
from typing import assert_never

from aggregates.changing import replace
from aggregates.circumstances import Circumstances
from aggregates.customer.state import Customer
from aggregates.fingerprint import fingerprint
from commands.customer.tier import AssignTier, OverrideTier, TierCommand
from events.catalogue import AnyEvent
from events.customer.tier import TierAssigned, TierEvent, TierOverridden
from events.vocabulary.values import Tier


def decide(command: TierCommand, state: Customer, _circumstances: Circumstances) -> list[AnyEvent]:
    """The events that follow from a command; none where there is nothing to do."""
    event: TierEvent
    match command:
        case AssignTier():
            event = TierAssigned(tier=command.tier, since=command.since)
        case OverrideTier():
            event = TierOverridden(tier=command.tier, since=command.since)
        case _:
            assert_never(command)
    return [] if fingerprint(event) == state.last_tier else [event]


def evolve(state: Customer, event: TierEvent) -> Customer:
    """The state after an event."""
    earlier = state.tiers[: bisect_left(state.tiers, event.since, key=_since)]
    later = state.tiers[bisect_right(state.tiers, event.since, key=_since) :]
    return replace(
        state,
        version=state.version + 1,
        tiers=(*earlier, (event.since, event.tier), *later),
        last_tier=fingerprint(event),
    )


def _since(one: tuple[datetime, Tier]) -> datetime:
    return one[0]
