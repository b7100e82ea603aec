"""Orders about the customer's profile."""

from datetime import date

from commands.base import Command
from events.vocabulary.identifiers import PersonId
from events.vocabulary.values import Code, Label, Prose


class RegisterCustomer(Command):
    """Open the ledger of a customer."""

    name: Label
    industry: Label | None = None
    region: Label | None = None
    registered_on: date | None = None


class RecordProfileFact(Command):
    """Record something that was found out about the customer."""

    topic: Code
    content: Prose
    source: Label
    collector: PersonId | None = None
    collected_on: date


class ConfirmProfileReviewed(Command):
    """Stand by the profile as it is."""

    reviewed_on: date


ProfileCommand = RegisterCustomer | RecordProfileFact | ConfirmProfileReviewed
