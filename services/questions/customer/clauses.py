"""A clause of a contract month by month: who owned what it asks for, and was it met?"""

from datetime import datetime
from decimal import Decimal
from typing import Literal
from uuid import UUID

from pydantic import BaseModel, Field

from events.vocabulary.working_calendar import WorkingCalendar
from projections.attribution.items import Item
from projections.attribution.owners import owners
from projections.coverage.questions import NEWEST_CALENDAR
from projections.coverage.spans import Span
from projections.coverage.working_time import midnight
from projections.kinds import as_it_was
from projections.kpis.periods import Days, months
from services.questions.asked import Asked, asked
from services.questions.attribution import VIEWS, kept_alike
from services.questions.customer.obligations import KIND, Aim, Obligation, ObligationStatus
from services.questions.leavers import DESCRIPTION as LEFT
from services.questions.leavers import Leavers, leavers
from services.questions.responsibility import Kind
from services.questions.views import Moment, Views

__all__ = ["VIEWS", "ClauseAnswer", "clause"]

_MOST = 1000


class Owner(BaseModel):
    """Somebody who held an obligation over a part of the month."""

    person: UUID = Field(description="Id of the person")
    kind: Kind = Field(description="`principal`, or `acting` for the principal")
    since: datetime = Field(description="From when on in the month, included")
    until: datetime = Field(description="Until when in the month, excluded")
    left: bool = Field(default=False, description=LEFT)
    events: list[UUID] = Field(description="Ids of the events that prove it")


class MonthlyDuty(BaseModel):
    """What the clause asked for in a month."""

    obligation_id: UUID = Field(description="Id of the obligation")
    by: Literal["us", "customer"] = Field(description="Who was to do it")
    due_at: datetime = Field(description="By when, what was lost waiting on the customer added")
    status: ObligationStatus = Field(description="What it was at `effective_at`")
    target: Aim | None = Field(description="What was aimed at")
    measured: Decimal | None = Field(description="What was measured")
    met: bool | None = Field(
        description="Whether it was done by its due time and reached what was aimed at; null while it may still be"
    )
    owners: list[Owner] = Field(description="Who held it in the month, one after another")
    events: list[UUID] = Field(description="Ids of the events that prove it")


class Month(BaseModel):
    """What was to be done in a month."""

    month: str = Field(description="For example `2025-03`, in the working calendar's zone")
    obligations: list[MonthlyDuty] = Field(description="What was at first due in it, by due time")


class ClauseAnswer(Asked):
    """A clause month by month."""

    contract_id: UUID = Field(description="The contract")
    clause: str = Field(description="The clause")
    months: list[Month] = Field(description="Every month of the period, also those in which nothing was due")


def clause(views: Views, contract: UUID, name: str, period: Days, moment: Moment) -> ClauseAnswer:
    """Who owned what a clause asked for in each month of a period, and whether it was met."""
    known = {"known": moment.known_position}
    newest = views.rows(NEWEST_CALENDAR, known)
    calendar = WorkingCalendar.model_validate(newest[0]["calendar"])
    given = {"contract": contract, "clause": name, "at": moment.effective_at, "limit": _MOST, **known}
    rows = views.rows(KIND.view.listing.query(("contract", "clause")), given)
    duties = [Obligation.model_validate(as_it_was(row, moment.effective_at)) for row in rows]
    items = {item.name: item for item in kept_alike(views, KIND, [one.obligation_id for one in duties], known["known"])}
    gone = leavers(views, (one.person for item in items.values() for layer in item.layers for one in layer), moment)
    found: list[Month] = []
    for month in months(period):
        span = midnight(month.first, calendar), midnight(month.after, calendar)
        due = sorted((one for one in duties if span[0] <= one.first_due_at < span[1]), key=lambda one: one.first_due_at)
        told = [_duty(one, items[f"obligation:{one.obligation_id}"], span, gone, moment) for one in due]
        found.append(Month(month=month.name, obligations=told))
    return ClauseAnswer(contract_id=contract, clause=name, months=found, **asked(moment))


def _duty(one: Obligation, item: Item, span: Span, gone: Leavers, moment: Moment) -> MonthlyDuty:
    return MonthlyDuty(
        obligation_id=one.obligation_id,
        by=one.by,
        due_at=one.due_at or one.first_due_at,
        status=one.status,
        target=one.target,
        measured=one.measured,
        met=_met(one, moment.effective_at),
        owners=[
            Owner(
                person=owner.person,
                kind=owner.kind,
                since=since,
                until=until,
                left=gone.keep(owner.person, owner.until),
                events=list(owner.events),
            )
            for owner, since, until in owners(item.layers, (max(span[0], item.occurred_at), span[1]))
        ],
        events=one.events,
    )


def _met(one: Obligation, at: datetime) -> bool | None:
    due_at = one.due_at or one.first_due_at
    if one.performed_at is None:
        return False if one.breached_at or due_at < at else None
    reached = one.target is None or (one.measured is not None and one.measured >= one.target.measure)
    return one.performed_at <= due_at and reached
