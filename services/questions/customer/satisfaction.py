"""What customers said of our service in surveys."""

from datetime import datetime
from decimal import Decimal
from uuid import UUID

from pydantic import BaseModel, Field

from services.questions.asked import Asked, Versioned

VIEWS = ("answers",)


class ServedBy(BaseModel):
    """Who held which role for the customer when it answered."""

    person: UUID = Field(description="Id of the person")
    role: str = Field(description="Code of the role")
    assignment_id: UUID = Field(description="The assignment")
    acting: bool = Field(description="Whether the person acted for the holder")


class SurveyAnswer(Versioned):
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
