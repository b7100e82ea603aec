"""Orders about the customer's profile."""

from pydantic import Field

from commands.base import Command
from events.vocabulary.identifiers import PersonId
from events.vocabulary.values import Code, Day, PersonalLabel, PersonalProse, PlainLabel


class RegisterCustomer(Command):
    """Open the ledger of a customer."""

    name: PlainLabel
    """Name of the company."""
    industry: PlainLabel | None = Field(default=None, examples=["电力"])
    """The customer's industry."""
    region: PlainLabel | None = Field(default=None, examples=["华东"])
    """The customer's region."""
    registered_on: Day | None = None
    """Since when the company is a customer."""


class RecordProfileFact(Command):
    """Record something that was found out about the customer."""

    topic: Code = Field(examples=["market_position"])
    """Code of what the fact is about."""
    content: PersonalProse = Field(examples=["华东地区市场份额第二"])
    """What was found out."""
    source: PersonalLabel = Field(examples=["年报"])
    """Where the fact comes from."""
    collector: PersonId | None = None
    """The person who found it out."""
    collected_on: Day
    """The day it was found out."""


class ConfirmProfileReviewed(Command):
    """Stand by the profile as it is."""

    reviewed_on: Day
    """The day of the review."""


ProfileCommand = RegisterCustomer | RecordProfileFact | ConfirmProfileReviewed
