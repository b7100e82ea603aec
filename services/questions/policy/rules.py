"""The company's rules: every edition, and which is in force when."""

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from pydantic import BaseModel, Field

from services.questions.asked import Asked

VIEWS = ("policies",)
PolicyName = Literal["cadence", "role-catalogue", "service-levels", "working-calendar"]


class Edition(BaseModel):
    """One edition of a rule set, in full."""

    edition_id: str = Field(description="Rule set and number, `working-calendar/2`")
    policy: PolicyName = Field(description="The rule set")
    edition: int = Field(description="Its number, from 1")
    since: datetime | None = Field(description="From when on it counts; null where the newest edition always does")
    in_force: bool = Field(description="Whether it counts for what happens at `effective_at`")
    content: dict[str, Any] = Field(description="The rules themselves; their fields depend on the rule set")
    event: UUID = Field(description="The event that published it")


class EditionPage(Asked):
    """One page of editions."""

    items: list[Edition] = Field(description="By rule set and number")
    next: str | None = Field(description="Address of the next page; null on the last one")
