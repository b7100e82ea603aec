"""The audit trail: who changed what from old to new, when and why."""

from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel, Field

from events.vocabulary.values import Trust
from services.questions.asked import Asked

VIEWS = ("audit",)


class AuditEntry(BaseModel):
    """One event, with what it changed."""

    position: int = Field(description="Its place in the log")
    event_id: UUID = Field(description="The event's id")
    stream: str = Field(description="The stream, `customer:ID`")
    version: int = Field(description="Its version in the stream, from 1")
    name: str = Field(description="The event's permanent name")
    item: str = Field(description="What it is about: the stream itself or something in it, `commitment:ID`")
    recorded_at: datetime = Field(description="When the ledger learned it")
    occurred_at: datetime = Field(description="When it happened in the business")
    actor: str = Field(description="`person:ID`, `system` or a rule of ours, `system:when-x-then-y@1`")
    on_behalf_of: UUID | None = Field(description="For whom the actor acted")
    reason: str | None = Field(description="Why, in the actor's words")
    changes: dict[str, list[Any]] = Field(description="Field → old and new value; null for nothing")
    correlation_id: UUID | None = Field(description="Shared by all that followed from one request")
    causation_id: UUID | None = Field(description="The event that led to this one")
    trust: Trust = Field(description="`verified`, `unverified` (imported) or `sample` (made up for a demonstration)")
    batch: str | None = Field(description="The import batch")
    source_row: int | None = Field(description="The row in the imported file, from 1")
    source_recorded_at: datetime | None = Field(description="When the source itself says it learned the fact")
    data: dict[str, Any] = Field(description="The fact itself; its fields depend on the name")


class AuditPage(Asked):
    """One page of the audit trail."""

    items: list[AuditEntry] = Field(description="In the order of the log, or its reverse")
    next: str | None = Field(description="Address of the next page; null on the last one")
