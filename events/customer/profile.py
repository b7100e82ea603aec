"""The customer's profile: who it is and what is known of it."""

from datetime import date

from events.base import Event
from events.vocabulary.identifiers import PersonId
from events.vocabulary.values import Code, Label, Prose


class CustomerRegistered(Event, name="customer.registered"):
    """A company became a customer of ours."""

    name: Label
    industry: Label | None
    region: Label | None
    registered_on: date | None


class ProfileFactRecorded(Event, name="customer.profile-fact-recorded"):
    """Something about the customer was found out."""

    topic: Code
    content: Prose
    source: Label
    collector: PersonId | None
    collected_on: date


class ProfileReviewConfirmed(Event, name="customer.profile-review-confirmed"):
    """Somebody looked through the profile and stands by it."""

    reviewed_on: date
