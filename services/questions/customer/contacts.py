"""The contacts with customers: visits and other interactions."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import Field

from events.vocabulary.values import Channel, Direction
from services.questions.asked import Asked, Versioned

VIEWS = ("contacts",)


class Visit(Versioned):
    """A visit to a customer."""

    visit_id: UUID = Field(description="Id of the visit")
    customer_id: UUID = Field(description="The customer")
    visited_at: datetime = Field(description="When it took place")
    channel: Channel = Field(description="How it took place")
    our_attendees: list[UUID] = Field(description="Ids of our people who took part")
    customer_attendees: list[str] = Field(description="Who of the customer took part")
    purpose: str | None = Field(description="What for")
    content: str = Field(description="What it was about")
    feedback: str | None = Field(description="What the customer said")
    event: UUID = Field(description="The event that says so")


class VisitPage(Asked):
    """One page of visits."""

    items: list[Visit] = Field(description="In the asked order")
    next: str | None = Field(description="Address of the next page; null on the last one")


class Interaction(Versioned):
    """A call, meeting, mail or message."""

    interaction_id: UUID = Field(description="Id of the interaction")
    customer_id: UUID = Field(description="The customer")
    at: datetime = Field(description="When it took place")
    channel: Channel = Field(description="How it took place")
    direction: Direction = Field(description="Who began it: `inbound` is the customer")
    our_attendees: list[UUID] = Field(description="Ids of our people who took part")
    content: str = Field(description="What it was about")
    result: str = Field(description="What came of it")
    event: UUID = Field(description="The event that says so")


class InteractionPage(Asked):
    """One page of interactions."""

    items: list[Interaction] = Field(description="In the asked order")
    next: str | None = Field(description="Address of the next page; null on the last one")


def visit(row: Mapping[str, Any]) -> Visit:
    """A row of the contacts view as a visit."""
    return Visit.model_validate({**row, "visit_id": row["contact_id"], "visited_at": row["at"]})


def interaction(row: Mapping[str, Any]) -> Interaction:
    """A row of the contacts view as an interaction."""
    return Interaction.model_validate({**row, "interaction_id": row["contact_id"]})
