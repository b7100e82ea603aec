"""The projects: what was proposed, decided and accepted."""

from datetime import date, datetime
from decimal import Decimal
from typing import Literal
from uuid import UUID

from pydantic import BaseModel, Field

from projections.project.progress.questions import ONE
from services.questions.asked import Asked, asked
from services.questions.responsibility import Holder, who
from services.questions.views import Moment, Views

VIEWS = ("projects", "responsibility")
Stage = Literal["none", "checked", "requested", "rejected", "ordered", "accepted"]
Decision = Literal["approved", "rejected"]


class Project(BaseModel):
    """A delivery for a customer."""

    project_id: UUID = Field(description="Id of the project")
    customer_id: UUID = Field(description="The customer")
    name: str = Field(description="Name")
    goal: str | None = Field(description="What it is to reach")
    budget: Decimal | None = Field(description="Budget in yuan, two decimals")
    starts_on: date | None = Field(description="Planned first day")
    ends_on: date | None = Field(description="Planned last day")
    decision: Decision | None = Field(description="`approved` or `rejected` by leadership; null while undecided")
    decided_at: datetime | None = Field(description="When leadership decided")
    stage: Stage = Field(description="The step of acceptance: self-check, request, decision, rectification")
    accepted_at: datetime | None = Field(description="When the customer accepted")
    rejections: int = Field(description="How often the customer rejected")
    last_at: datetime | None = Field(description="When it reached its step of acceptance")
    events: list[UUID] = Field(description="Ids of the events that prove it")


class ProjectPage(Asked):
    """One page of projects."""

    items: list[Project] = Field(description="In the asked order")
    next: str | None = Field(description="Address of the next page; null on the last one")


class ProjectAnswer(Asked):
    """One project and who answers for it."""

    project: Project = Field(description="The project as it was known")
    holders: list[Holder] = Field(description="Who holds which role at `effective_at`")


def project(views: Views, identifier: UUID, moment: Moment) -> ProjectAnswer | None:
    """One project as known at the moment; none where it was not known."""
    rows = views.rows(ONE, {"id": identifier, "known": moment.known_position})
    if not rows:
        return None
    holders = who(views, f"project:{identifier}", None, moment).holders
    return ProjectAnswer(project=Project.model_validate(rows[0]), holders=holders, **asked(moment))
