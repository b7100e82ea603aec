"""The envelope: where an event stands in the log, when it was learned, and why."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from events.base import Event
from events.vocabulary.identifiers import EventId, PersonId, StreamId, event_id
from events.vocabulary.values import Instant, PersonalProse, PlainLabel, Trust

Actor = Annotated[
    str,
    StringConstraints(pattern=r"^(person:[0-9a-f-]{36}|system(:[a-z0-9-]+@[0-9]+)?)$"),
]
"""Who acted: `person:ID`, `system` (the administrator), or a rule of ours, `system:when-x-then-y@1`."""


class Provenance(BaseModel):
    """Where an imported fact came from."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    batch: PlainLabel
    """The import batch, named after the mapping and the content of the file."""
    row: int = Field(ge=1)
    """The row in the file, 1 being the first after the header."""
    recorded_at: Instant | None = None
    """When the source itself says it learned the fact."""


class Context(BaseModel):
    """The why of an event."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    actor: Actor
    on_behalf_of: PersonId | None = None
    reason: PersonalProse | None = None
    occurred_at: Instant | None = None
    correlation_id: UUID | None = None
    causation_id: EventId | None = None
    source: Provenance | None = None
    trust: Trust = "verified"


@dataclass(frozen=True, slots=True)
class Recorded:
    """One event of the log with its envelope."""

    stream: StreamId
    version: int
    """1, 2, … within the stream."""
    position: int
    """1, 2, … within the whole log, without holes."""
    recorded_at: datetime
    """When the store learned it; never earlier than that of a lower position."""
    event: Event
    context: Context

    @property
    def id(self) -> EventId:
        """The identity of the event."""
        return event_id(self.stream, self.version)

    @property
    def kind(self) -> type[Event]:
        """The class of the event."""
        return type(self.event)

    @property
    def data(self) -> dict[str, Any]:
        """What the event says, as JSON; not to be changed."""
        return self.event.model_dump(mode="json")

    @property
    def written_data(self) -> bytes:
        """What the event says, as JSON text in UTF-8."""
        return self.event.written

    @property
    def why(self) -> dict[str, Any]:
        """The context as JSON, without what was not said; not to be changed."""
        return self.context.model_dump(mode="json", exclude_defaults=True)

    @property
    def occurred_at(self) -> datetime:
        """When it happened in the business; the recorded time where nobody said."""
        return self.context.occurred_at or self.recorded_at
