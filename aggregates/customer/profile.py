"""The rules of the customer's profile."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import assert_never

from aggregates.changing import replace
from aggregates.circumstances import Circumstances
from aggregates.customer.account import Account
from aggregates.fingerprint import Fingerprint, fingerprint
from aggregates.refusal import Refused
from aggregates.slices import Slice
from commands.customer.profile import ConfirmProfileReviewed, ProfileCommand, RecordProfileFact, RegisterCustomer
from events.customer.profile import CustomerRegistered, ProfileEvent, ProfileFactRecorded, ProfileReviewConfirmed
from events.vocabulary.values import Code


@dataclass(frozen=True, slots=True)
class Profile:
    """What is remembered of the profile."""

    registration: Fingerprint | None = None
    facts: Mapping[Code, Fingerprint] = field(default_factory=dict)
    """The last one of each topic."""
    reviewed_on: date | None = None


def decide(
    command: ProfileCommand, mine: Profile, _customer: Account, circumstances: Circumstances
) -> list[ProfileEvent]:
    """The events that follow from a command; none where there is nothing to do."""
    match command:
        case RegisterCustomer():
            event = CustomerRegistered(
                name=command.name,
                industry=command.industry,
                region=command.region,
                registered_on=command.registered_on,
            )
            if mine.registration == fingerprint(event):
                return []
            if mine.registration is not None:
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
            return [] if mine.facts.get(command.topic) == fingerprint(fact) else [fact]
        case ConfirmProfileReviewed():
            if mine.reviewed_on == command.reviewed_on:
                return []
            return [ProfileReviewConfirmed(reviewed_on=command.reviewed_on)]
        case _:
            assert_never(command)


def admit(event: ProfileEvent, _before: ProfileEvent, _customer: Account, circumstances: Circumstances) -> None:
    """Refuse what may not be said instead."""
    if isinstance(event, ProfileFactRecorded):
        circumstances.require_person(event.collector, "collector")


def evolve(mine: Profile, event: ProfileEvent, _version: int) -> Profile:
    """The profile after an event."""
    match event:
        case CustomerRegistered():
            return replace(mine, registration=fingerprint(event))
        case ProfileFactRecorded():
            return replace(mine, facts={**mine.facts, event.topic: fingerprint(event)})
        case ProfileReviewConfirmed():
            return replace(mine, reviewed_on=event.reviewed_on)
        case _:
            assert_never(event)


SLICE = Slice("profile", ProfileCommand, ProfileEvent, decide, evolve, admit=admit)
