"""The company's rules: every edition, and which is in force when."""

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from pydantic import Field

from events.vocabulary.identifiers import COMPANY_POLICY
from projections.policy.rules.questions import EDITIONS, VERSION
from services.questions.asked import Asked, Single, Versioned, single
from services.questions.pages import Wanted, page
from services.questions.views import Moment, Views

VIEWS = ("policies",)
PolicyName = Literal["cadence", "role-catalogue", "service-levels", "working-calendar"]


class Edition(Versioned):
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


class PolicyAnswer(Single):
    """The company's rules."""

    editions: list[Edition] = Field(description="The editions that count for what happens at `effective_at`")


def company(views: Views, moment: Moment) -> PolicyAnswer:
    """The company's rules as known at the moment."""
    stream = f"policy:{COMPANY_POLICY}"
    rows = page(views, EDITIONS, Wanted({"in_force": True}), moment).rows
    (version,) = views.rows(VERSION, {"stream": stream, "known": moment.known_position})
    return PolicyAnswer(editions=[Edition.model_validate(row) for row in rows], **single(stream, version, moment))
