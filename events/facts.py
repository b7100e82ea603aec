"""What was recorded wrongly is put right by events of its own; the event that was wrong stays as it is."""

from typing import Annotated

from pydantic import JsonValue

from events.base import Event
from events.vocabulary.identifiers import EventId
from events.vocabulary.values import Impersonal, Personal

Versions = tuple[int, ...]
"""1, 2, … within the stream."""
Name = Annotated[str, Impersonal()]
"""What we ourselves call an item or an event: nobody writes a text there."""


class FactCorrected(Event, name="fact.corrected", occurs=None):
    """A fact was recorded wrongly: as it truly was, in full."""

    corrects: EventId
    version: int
    """The version of that event in its stream."""
    item: Name
    """The item that it is about, `commitment:ID`; `self` for the stream as a whole."""
    history: Versions
    """The versions of all events about the item so far, put right or not: what is told of it is folded from them."""
    fact: Name
    """The permanent name of the event that is corrected."""
    shape: int
    """The version of its shape that `truth` is written in."""
    truth: Annotated[dict[str, JsonValue], Personal("customer")]
    """All that the event says, as JSON."""


class FactWithdrawn(Event, name="fact.withdrawn", occurs=None):
    """A fact should never have been recorded."""

    corrects: EventId
    version: int
    item: Name
    history: Versions
    fact: Name


FactEvent = FactCorrected | FactWithdrawn
