"""The customer's decider: every command and event goes to its slice."""

from typing import assert_never

from aggregates.changing import replace
from aggregates.circumstances import Circumstances
from aggregates.customer import commitments, complaints, interactions, profile, satisfaction, tier, visits
from aggregates.customer.state import Customer
from aggregates.refusal import Refused
from aggregates.responsibility import decider as responsibility
from commands.catalogue import CustomerCommand
from commands.customer.commitments import CommitmentCommand
from commands.customer.complaints import ComplaintCommand
from commands.customer.interactions import InteractionCommand
from commands.customer.profile import ProfileCommand, RegisterCustomer
from commands.customer.satisfaction import SatisfactionCommand
from commands.customer.tier import TierCommand
from commands.customer.visits import VisitCommand
from commands.responsibility import ResponsibilityCommand
from events.catalogue import AnyEvent, CustomerEvent
from events.customer.commitments import CommitmentEvent
from events.customer.complaints import ComplaintEvent
from events.customer.interactions import InteractionEvent
from events.customer.profile import ProfileEvent
from events.customer.satisfaction import SatisfactionEvent
from events.customer.tier import TierEvent
from events.customer.visits import VisitEvent
from events.responsibility import ResponsibilityEvent


def decide(command: CustomerCommand, state: Customer, circumstances: Circumstances) -> list[AnyEvent]:
    """The events that follow from a command; none where there is nothing to do."""
    if not state.registered and not isinstance(command, RegisterCustomer):
        raise Refused("customer.not-registered")
    if isinstance(command, ResponsibilityCommand):
        return responsibility.decide(command, state, circumstances)
    if isinstance(command, VisitCommand):
        return visits.decide(command, state, circumstances)
    if isinstance(command, InteractionCommand):
        return interactions.decide(command, state, circumstances)
    if isinstance(command, CommitmentCommand):
        return commitments.decide(command, state, circumstances)
    if isinstance(command, ComplaintCommand):
        return complaints.decide(command, state, circumstances)
    if isinstance(command, ProfileCommand):
        return profile.decide(command, state, circumstances)
    if isinstance(command, TierCommand):
        return tier.decide(command, state, circumstances)
    if isinstance(command, SatisfactionCommand):
        return satisfaction.decide(command, state, circumstances)
    assert_never(command)


def evolve(state: Customer, event: CustomerEvent) -> Customer:
    """The state after an event."""
    if isinstance(event, ResponsibilityEvent):
        return replace(state, version=state.version + 1, responsibilities=responsibility.evolve(state, event))
    if isinstance(event, VisitEvent):
        return visits.evolve(state, event)
    if isinstance(event, InteractionEvent):
        return interactions.evolve(state, event)
    if isinstance(event, CommitmentEvent):
        return commitments.evolve(state, event)
    if isinstance(event, ComplaintEvent):
        return complaints.evolve(state, event)
    if isinstance(event, ProfileEvent):
        return profile.evolve(state, event)
    if isinstance(event, TierEvent):
        return tier.evolve(state, event)
    if isinstance(event, SatisfactionEvent):
        return satisfaction.evolve(state, event)
    assert_never(event)
