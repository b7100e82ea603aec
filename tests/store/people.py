"""People to record."""

from uuid import uuid4

from commands.person.directory import RegisterPerson
from events.vocabulary.identifiers import stream_id
from services.application import Zeren
from services.handling import Request, context


def register(zeren: Zeren) -> int:
    """Register somebody; the position of the event."""
    request = Request(stream_id("person", uuid4()), RegisterPerson(name="林晓"), context("system"))
    return zeren.handler.execute(request).position
