"""Orders to put right what was recorded wrongly, whatever it is."""

from typing import Annotated

from pydantic import AfterValidator, Field, JsonValue

from commands.base import Command, Short, require_short
from events.vocabulary.identifiers import EventId
from events.vocabulary.values import Reason


def _short_within(values: dict[str, JsonValue]) -> dict[str, JsonValue]:
    waiting: list[JsonValue] = list(values.values())
    while waiting:
        value = waiting.pop()
        if isinstance(value, dict | list):
            require_short(len(value))
            waiting += value.values() if isinstance(value, dict) else value
    return values


class CorrectFact(Command):
    """Say how a recorded fact truly was: `values` holds only what was wrong, `null` clears what may be empty."""

    event: EventId
    """Id of the event that was recorded wrongly."""
    values: Annotated[Short[dict[str, JsonValue]], AfterValidator(_short_within)] = Field(
        examples=[{"fulfilled_at": "2025-03-01T09:00:00+08:00"}]
    )
    """Only what was wrong, as it truly was: an absent field stays as it was, `null` clears one that may be empty."""
    reason: Reason
    """Why, in the actor's words."""


class WithdrawFact(Command):
    """Take back a fact that should never have been recorded."""

    event: EventId
    """Id of the event that should never have been recorded."""
    reason: Reason
    """Why, in the actor's words."""


FactCommand = CorrectFact | WithdrawFact
