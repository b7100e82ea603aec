"""The projects: what was proposed, decided and accepted."""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Literal
from uuid import UUID

from pydantic import Field

from projections.project.progress.effective import project_at
from projections.project.progress.questions import ONE
from services.questions.asked import Asked, Single, Versioned, single
from services.questions.responsibility import Holder, who
from services.questions.views import Moment, Views

VIEWS = ("projects", "responsibility", "lives")
Stage = Literal["none", "checked", "requested", "rejected", "ordered", "accepted"]
Decision = Literal["approved", "rejected"]


class Project(Versioned):
    """A delivery for a customer."""

    project_id: UUID = Field(description="Id of the project")
    customer_id: UUID = Field(description="The customer")
    name: str = Field(description="Name")
    goal: str | None = Field(description="What it is to reach")
    budget: Decimal | None = Field(description="Budget in yuan, two decimals")
    starts_on: date | None = Field(description="Planned first day")
    ends_on: date | None = Field(description="Planned last day")
    decision: Decision | None = Field(
        description="`approved` or `rejected` by leadership by `effective_at`; null while undecided"
    )
    decided_at: datetime | None = Field(description="When leadership decided")
    stage: Stage = Field(
        description="The step of acceptance by `effective_at`: self-check, request, decision, rectification"
    )
    accepted_at: datetime | None = Field(description="When the customer accepted")
    rejections: int = Field(description="How often the customer rejected")
    last_at: datetime | None = Field(description="When it reached its step of acceptance")
    events: list[UUID] = Field(description="Ids of the events that prove it")


class ProjectPage(Asked):
    """One page of projects."""

    items: list[Project] = Field(description="In the asked order")
    next: str | None = Field(description="Address of the next page; null on the last one")


class ProjectAnswer(Single):
    """One project and who answers for it."""

    project: Project = Field(description="The project as it was known")
    holders: list[Holder] = Field(description="Who holds which role at `effective_at`")


def project(views: Views, identifier: UUID, moment: Moment) -> ProjectAnswer | None:
    """One project as known at the moment; none where it was not known."""
    rows = views.rows(ONE, {"id": identifier, "at": moment.effective_at, "known": moment.known_position})
    if not rows:
        return None
    holders = who(views, f"project:{identifier}", None, moment).holders
    found = shown(rows[0], moment)
    return ProjectAnswer(project=found, holders=holders, **single(f"project:{identifier}", rows[0], moment))


def shown(row: Mapping[str, Any], moment: Moment) -> Project:
    """A row of the list as it was at the moment."""
    return Project.model_validate(project_at(row, moment.effective_at))
