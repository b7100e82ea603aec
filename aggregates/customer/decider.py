"""The customer's rules: the slices, and what opens its ledger."""

from aggregates import streams
from aggregates.circumstances import Circumstances
from aggregates.customer import (
    commitments,
    complaints,
    contracts,
    interactions,
    obligations,
    profile,
    satisfaction,
    tier,
    visits,
)
from aggregates.customer.state import Customer
from aggregates.refusal import Refused
from aggregates.responsibility import decider as responsibility
from aggregates.slices import routes
from commands.base import Command
from commands.customer.profile import RegisterCustomer
from events.base import Event
from events.catalogue import AnyEvent
from events.customer.profile import CustomerRegistered

ROUTES = routes(
    CustomerRegistered,
    profile.SLICE,
    tier.SLICE,
    responsibility.SLICE,
    interactions.SLICE,
    visits.SLICE,
    commitments.SLICE,
    complaints.SLICE,
    contracts.SLICE,
    obligations.SLICE,
    satisfaction.SLICE,
)


def decide(command: Command, state: Customer, circumstances: Circumstances) -> list[AnyEvent]:
    """The events that follow from a command; none where there is nothing to do."""
    if not state.registered and not isinstance(command, RegisterCustomer):
        raise Refused("customer.not-registered")
    return streams.decide(command, state, circumstances, ROUTES)


def evolve(state: Customer, event: Event) -> Customer:
    """The state after an event."""
    after: Customer = streams.evolve(state, event, ROUTES)
    return after
