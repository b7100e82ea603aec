"""Orders to put right what was recorded wrongly, whatever it is."""

from pydantic import JsonValue

from commands.base import Command
from events.vocabulary.identifiers import EventId
from events.vocabulary.values import Prose


class CorrectFact(Command):
    """Say how a recorded fact truly was: `values` holds only what was wrong, `null` clears what may be empty."""

    event: EventId
    values: dict[str, JsonValue]
    reason: Prose


class WithdrawFact(Command):
    """Take back a fact that should never have been recorded."""

    event: EventId
    reason: Prose


FactCommand = CorrectFact | WithdrawFact
