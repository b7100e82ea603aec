"""The contacts with customers, and what they said of us in surveys."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from pydantic import BaseModel, Field

from events.vocabulary.values import Channel, Direction
from services.questions.asked import Asked

VISIT_VIEWS = ("contacts",)
SURVEY_VIEWS = ("answers",)


class Visit(BaseModel):
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


class Interaction(BaseModel):
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


class ServedBy(BaseModel):
    """Who held which role for the customer when it answered."""

    person: UUID = Field(description="Id of the person")
    role: str = Field(description="Code of the role")
    assignment_id: UUID = Field(description="The assignment")
    acting: bool = Field(description="Whether the person acted for the holder")


class SurveyAnswer(BaseModel):
    """What a customer said of our service."""

    answer_id: UUID = Field(description="Id of the answer")
    survey_id: UUID = Field(description="The survey")
    customer_id: UUID = Field(description="The customer")
    answered_at: datetime = Field(description="When it answered")
    scores: dict[str, Decimal] = Field(description="Score by dimension")
    scale_min: Decimal = Field(description="Lowest possible score")
    scale_max: Decimal = Field(description="Highest possible score")
    about_person: UUID | None = Field(description="Whom it is about")
    served_by: list[ServedBy] = Field(description="Who served the customer then, pinned when it was recorded")
    event: UUID = Field(description="The event that says so")


class SurveyPage(Asked):
    """One page of survey answers."""

    items: list[SurveyAnswer] = Field(description="In the asked order")
    next: str | None = Field(description="Address of the next page; null on the last one")
