"""The customer's profile: who it is and what is known of it."""

from datetime import date

from events.base import Event
from events.vocabulary.identifiers import PersonId
from events.vocabulary.values import Code, PersonalLabel, PersonalProse, PlainLabel


class CustomerRegistered(Event, name="customer.registered", occurs="registered_on", planned=True):
    """A company became a customer of ours."""

    name: PlainLabel
    industry: PlainLabel | None
    region: PlainLabel | None
    registered_on: date | None


class ProfileFactRecorded(Event, name="customer.profile-fact-recorded", occurs="collected_on"):
    """Something about the customer was found out."""

    topic: Code
    content: PersonalProse
    source: PersonalLabel
    collector: PersonId | None
    collected_on: date


class ProfileReviewConfirmed(Event, name="customer.profile-review-confirmed", occurs="reviewed_on"):
    """Somebody looked through the profile and stands by it."""

    reviewed_on: date


ProfileEvent = CustomerRegistered | ProfileFactRecorded | ProfileReviewConfirmed
