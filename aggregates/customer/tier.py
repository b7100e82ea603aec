"""The rules of the customer's tier."""

from dataclasses import replace
from typing import assert_never

from aggregates.circumstances import Circumstances
from aggregates.customer.state import Customer
from commands.catalogue import TierCommand
from commands.customer.tier import AssignTier, OverrideTier
from events.catalogue import AnyEvent, TierEvent
from events.customer.tier import TierAssigned, TierOverridden


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
    return [] if event in state.tiers[-1:] else [event]


def evolve(state: Customer, event: TierEvent) -> Customer:
    """The state after an event."""
    return replace(state, tiers=(*state.tiers, event))
