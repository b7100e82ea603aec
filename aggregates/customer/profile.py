"""The rules of the customer's profile."""

from typing import assert_never

from aggregates.changing import replace
from aggregates.circumstances import Circumstances
from aggregates.customer.state import Customer
from aggregates.fingerprint import fingerprint
from aggregates.refusal import Refused
from commands.customer.profile import ConfirmProfileReviewed, ProfileCommand, RecordProfileFact, RegisterCustomer
from events.catalogue import AnyEvent
from events.customer.profile import CustomerRegistered, ProfileEvent, ProfileFactRecorded, ProfileReviewConfirmed


def decide(command: ProfileCommand, state: Customer, circumstances: Circumstances) -> list[AnyEvent]:
    """The events that follow from a command; none where there is nothing to do."""
    match command:
        case RegisterCustomer():
            event = CustomerRegistered(
                name=command.name,
                industry=command.industry,
                region=command.region,
                registered_on=command.registered_on,
            )
            if state.registration == fingerprint(event):
                return []
            if state.registered:
                raise Refused("customer.already-registered")
            return [event]
        case RecordProfileFact():
            circumstances.require_person(command.collector, "collector")
            fact = ProfileFactRecorded(
                topic=command.topic,
                content=command.content,
                source=command.source,
                collector=command.collector,
                collected_on=command.collected_on,
            )
            return [] if state.facts.get(command.topic) == fingerprint(fact) else [fact]
        case ConfirmProfileReviewed():
            if state.reviewed_on == command.reviewed_on:
                return []
            return [ProfileReviewConfirmed(reviewed_on=command.reviewed_on)]
        case _:
            assert_never(command)


def evolve(state: Customer, event: ProfileEvent) -> Customer:
    """The state after an event."""
    match event:
        case CustomerRegistered():
            return replace(state, version=state.version + 1, registration=fingerprint(event))
        case ProfileFactRecorded():
            return replace(state, version=state.version + 1, facts=state.facts.put(event.topic, fingerprint(event)))
        case ProfileReviewConfirmed():
            return replace(state, version=state.version + 1, reviewed_on=event.reviewed_on)
        case _:
            assert_never(event)
