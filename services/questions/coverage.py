"""When customers had no accountable account manager, or several holders of a role at once."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import groupby
from typing import Any, Literal, TypeVar
from uuid import UUID

from pydantic import BaseModel, Field

from events.vocabulary.items import HELD
from events.vocabulary.values import Tier
from events.vocabulary.working_calendar import WorkingCalendar
from projections.attribution import items
from projections.attribution import questions as facts
from projections.attribution.holders import ACCOUNT_MANAGER, Holding, Row, layers
from projections.coverage import questions
from projections.coverage.leaving import Left, divided, present
from projections.coverage.spans import Span, common, gaps, in_tier, overlaps, tier_at
from projections.coverage.uncovered import Open, open_spans, uncovered
from projections.coverage.working_time import WorkingTime, midnight
from projections.lives.questions import OPEN_SPANS
from services.questions.attribution import VIEWS as ATTRIBUTION
from services.questions.attribution import holders, kept_alike
from services.questions.catalogue import KINDS
from services.questions.leavers import Leavers, left_among
from services.questions.views import Moment, Views

VIEWS = (*ATTRIBUTION, "customers")
_MINUTE = timedelta(minutes=1)
_INSTANT = timedelta(microseconds=1)
_Found = TypeVar("_Found")
Place = tuple[str, ...]
"""Where an interval stands in its list: its start, customer and role."""
PLACES = 3
"""How many parts a place has."""


@dataclass(frozen=True, slots=True)
class Window:
    """What is asked for: a time, and which customers."""

    since: datetime
    until: datetime
    tier: Tier | None = None
    customer: UUID | None = None
    least: int = 0
    """Working minutes below which an interval is left out."""


class Uncovered(BaseModel):
    """An open item that nobody held."""

    item: str = Field(description="`commitment:ID` or `complaint:ID`")
    since: datetime = Field(description="Start of the interval, included")
    until: datetime = Field(description="End of the interval, excluded")


class Interval(BaseModel):
    """A stretch of a customer's time, clipped to the asked one."""

    customer: UUID = Field(description="Id of the customer")
    customer_name: str = Field(description="Name of the customer as it was known")
    role: str = Field(description="Code of the role")
    tier: Tier | None = Field(description="The customer's tier at the start of the interval")
    since: datetime = Field(description="Start of the interval, included")
    until: datetime = Field(description="End of the interval, excluded")
    minutes: int = Field(description="Minutes in all")
    working_minutes: int = Field(description="Minutes of working time by the newest working calendar")


class Gap(Interval):
    """A time over which nobody was the accountable account manager, or only somebody who had left."""

    kind: Literal["vacant", "left"] = Field(
        description="`vacant`: nobody held it; `left`: who is written down as its holder had left"
    )
    leaver: UUID | None = Field(description="Who had left and still held it; null where it was vacant")
    uncovered: list[Uncovered] = Field(description="What was open then and had no holder of its own")
    events: list[UUID] = Field(
        description="The registration, the assignment that ended before, and the one that began after; where somebody "
        "had left, the leaving and the assignment that was still held"
    )


class Together(BaseModel):
    """One of several who held a role at the same time."""

    person: UUID = Field(description="Id of the holder")
    assignment_id: UUID = Field(description="The assignment")
    since: datetime = Field(description="Start of the assignment, included")
    until: datetime | None = Field(description="End of the assignment, excluded; null while it is open")
    left: bool = Field(default=False, description="Whether the person left before the interval ended: a gap")
    events: list[UUID] = Field(description="Ids of the events that prove it")


class Overlap(Interval):
    """A time over which two or more were accountable in one role."""

    holders: list[Together] = Field(description="Everybody who was")


class Answer(BaseModel):
    """What was asked, and as known when."""

    since: datetime = Field(description="Start of the asked time, included")
    until: datetime = Field(description="End of the asked time, excluded")
    tier: Tier | None = Field(description="The tier that was asked for; null for all")
    min_working_minutes: int = Field(description="Intervals with less working time are left out")
    provisional: bool = Field(description="Whether the time reaches into a year whose public holidays are not known")
    calendar_edition: int | None = Field(description="Edition of the working calendar; null while there is none")
    known_position: int = Field(description="What had been recorded up to this log position was taken into account")
    position: int = Field(description="The log position that the views had reached")


class GapsAnswer(Answer):
    """Customers without an accountable account manager; an empty list is an answer."""

    gaps: list[Gap] = Field(description="By start, then customer")
    next: str | None = Field(default=None, description="Address of the next page; null on the last one")


class OverlapsAnswer(Answer):
    """Roles of customers with several accountable holders at once; an empty list is an answer."""

    overlaps: list[Overlap] = Field(description="By start, then customer and role")
    next: str | None = Field(default=None, description="Address of the next page; null on the last one")


class _Company:
    """The customers that are asked about, as they were known; all, or those that were not always covered."""

    def __init__(self, views: Views, window: Window, moment: Moment, *, uncovered_only: bool = False) -> None:
        self.views, self.window, self.known = views, window, moment.known_position
        chosen: dict[str, Any] = {"customers": [window.customer] if window.customer else None, "known": self.known}
        self.subjects: list[str] | None = None
        if uncovered_only:
            within = {"since": window.since, "until": window.until}
            self.customers = views.rows(questions.UNCOVERED, {**chosen, **within})
            chosen["customers"] = [row["customer_id"] for row in self.customers]
            self.subjects = [f"customer:{one}" for one in chosen["customers"]]
        else:
            self.customers = views.rows(questions.CUSTOMERS, chosen)
        self.tiers = grouped(views.rows(questions.TIERS, chosen), "customer_id")
        newest = views.rows(questions.NEWEST_CALENDAR, {"known": self.known})
        self.calendar = WorkingCalendar.model_validate(newest[0]["calendar"]) if newest else None
        self.edition: int | None = newest[0]["edition"] if newest else None
        self.worked = WorkingTime(self.calendar, window.since) if self.calendar else None

    def principals(self, role: str | None) -> dict[str, list[Row]]:
        """Subject → rows of those accountable, by role."""
        asked = {"until": self.window.until, "role": role, "subjects": self.subjects, "known": self.known}
        return grouped(self.views.rows(questions.PRINCIPALS, asked), "subject")

    def time_of(self, customer: Row) -> Iterator[Span]:
        """The parts of the asked time that count for a customer: from its registration on, and while in the tier."""
        since = self.window.since
        if customer["registered_on"] and self.calendar:
            since = max(since, midnight(customer["registered_on"], self.calendar))
        if self.window.tier is None:
            return common((since, self.window.until), [(since, self.window.until)])
        return common(
            (since, self.window.until), in_tier(self.tiers.get(customer["customer_id"], ()), self.window.tier)
        )

    def interval(self, customer: Row, role: str, span: Span) -> dict[str, Any] | None:
        """The fields of `Interval`; none where it has too little working time."""
        return None if self._worked(span) < self.window.least else self.part(customer, role, span)

    def _worked(self, span: Span) -> int:
        return self.worked.between(*span) // _MINUTE if self.worked else 0

    def part(self, customer: Row, role: str, span: Span) -> dict[str, Any]:
        """The fields of `Interval` for a part of one that has enough working time."""
        tier = tier_at(self.tiers.get(customer["customer_id"], ()), span[0])
        return {
            "customer": customer["customer_id"],
            "customer_name": customer["name"],
            "role": role,
            "tier": tier["tier"] if tier else None,
            "since": span[0],
            "until": span[1],
            "minutes": (span[1] - span[0]) // _MINUTE,
            "working_minutes": self._worked(span),
        }

    def open_items(self, customers: Iterable[UUID]) -> dict[UUID, list[Open]]:
        """What was open of these customers, with its holders."""
        asked = {
            "customers": list(customers),
            "kinds": [kind.name for kind in HELD],
            "since": self.window.since,
            "until": self.window.until,
            "known": self.known,
        }
        spans: dict[tuple[str, UUID], list[Row]] = {}
        for row in self.views.rows(OPEN_SPANS, asked):
            spans.setdefault((row["kind"], row["id"]), []).append(row)

        def rows(query: str, kind: str) -> list[dict[str, Any]]:
            ids = [identifier for of, identifier in spans if of == kind]
            return self.views.rows(query, {"ids": ids, "known": self.known})

        commitments = [row for row in rows(facts.COMMITMENTS, "commitment") if row["by_side"] == "us"]
        complaints = rows(facts.COMPLAINTS, "complaint")
        held = holders(self.views, [*commitments, *complaints], self.known)
        found: dict[UUID, list[Open]] = {}
        for row in sorted(commitments, key=lambda one: (one["made_at"], one["commitment_id"])):
            life = open_spans(spans["commitment", row["commitment_id"]])
            found.setdefault(row["customer_id"], []).append(Open(items.commitment(row, held), life))
        for row in sorted(complaints, key=lambda one: (one["received_at"], one["complaint_id"])):
            life = open_spans(spans["complaint", row["complaint_id"]])
            found.setdefault(row["customer_id"], []).append(Open(items.complaint(row, held), life))
        for kind in KINDS:
            ids = [identifier for of, identifier in spans if of == kind.view.kind.name]
            for item in kept_alike(self.views, kind, ids, self.known) if ids else ():
                if not item.customers_own:
                    life = open_spans(spans[kind.view.kind.name, UUID(item.name.partition(":")[2])])
                    found.setdefault(item.customer, []).append(Open(item, life))
        return found

    def left(self, persons: Iterable[UUID]) -> Left:
        """Over which time who of these people had left."""
        return left_among(self.views, persons, self.known)

    def answer(self, moment: Moment) -> dict[str, Any]:
        """The fields of `Answer`."""
        window = self.window
        return {
            "since": window.since,
            "until": window.until,
            "tier": window.tier,
            "min_working_minutes": window.least,
            "provisional": self.calendar is None or not all_known(self.calendar, window.since, window.until),
            "calendar_edition": self.edition,
            "known_position": moment.known_position,
            "position": moment.position,
        }


@dataclass(frozen=True, slots=True)
class Part:
    """Which page of the intervals is asked for: how many, and the place that it goes on after."""

    limit: int
    after: Place | None = None


def gaps_in(views: Views, window: Window, moment: Moment, part: Part) -> tuple[GapsAnswer, Place | None]:
    """When customers had no accountable account manager; the place of the last gap if there are more."""
    company = _Company(views, window, moment, uncovered_only=True)
    held = company.principals(ACCOUNT_MANAGER)
    accountable = {
        customer["customer_id"]: _accountable(held.get(f"customer:{customer['customer_id']}", ()))
        for customer in company.customers
    }
    left = company.left(one.person for holdings in accountable.values() for one in holdings)
    found: list[tuple[dict[str, Any], list[UUID]]] = []
    for customer in company.customers:
        principals = accountable[customer["customer_id"]]
        there = list(present(principals, left))
        for gap in (gap for time in company.time_of(customer) for gap in gaps(there, time)):
            if company.interval(customer, ACCOUNT_MANAGER, gap) is None:
                continue
            for span, holding, absence in divided(gap, principals, left):
                interval = company.part(customer, ACCOUNT_MANAGER, span)
                interval |= {"kind": "left" if holding else "vacant", "leaver": holding.person if holding else None}
                proof = [customer["events"][0], *_around(there, span)]
                if holding and absence:
                    proof += [*holding.events, *absence.events]
                found.append((interval, [*dict.fromkeys(proof)]))
    page, last = _page(found, part, lambda one: _place(one[0]))
    open_items = company.open_items({interval["customer"] for interval, _ in page})
    gone = company.left(
        one.person for found in open_items.values() for item in found for layer in item.item.layers for one in layer
    )
    listed = [
        Gap(
            **interval,
            uncovered=[
                Uncovered(item=name, since=since, until=until)
                for name, (since, until) in uncovered(
                    open_items.get(interval["customer"], ()), (interval["since"], interval["until"]), gone
                )
            ],
            events=proof,
        )
        for interval, proof in page
    ]
    return GapsAnswer(gaps=listed, **company.answer(moment)), last


def overlaps_in(
    views: Views, window: Window, role: str | None, moment: Moment, part: Part
) -> tuple[OverlapsAnswer, Place | None]:
    """When several were accountable in one role of a customer; the place of the last overlap if there are more."""
    company = _Company(views, window, moment)
    held = company.principals(role)
    found = []
    for customer in company.customers:
        rows = held.get(f"customer:{customer['customer_id']}", ())
        for code, of_role in groupby(rows, key=lambda row: str(row["role"])):
            principals = _accountable(of_role)
            for time in company.time_of(customer):
                for span, together in overlaps(principals, time):
                    interval = company.interval(customer, code, span)
                    if interval is not None:
                        found.append((interval, together))
    page, last = _page(found, part, lambda one: _place(one[0]))
    left = company.left(one.person for _, together in page for one in together)
    listed = []
    for interval, together in page:
        gone = Leavers(left, interval["until"] - _INSTANT)
        listed.append(Overlap(**interval, holders=[_together(one, gone) for one in together]))
    return OverlapsAnswer(overlaps=listed, **company.answer(moment)), last


def _place(interval: dict[str, Any]) -> Place:
    """The place of an interval in its list: as text in the order of start, customer and role."""
    since = interval["since"].astimezone(UTC).isoformat(timespec="microseconds")
    return since, str(interval["customer"]), interval["role"]


def _page(found: Iterable[_Found], part: Part, place: Callable[[_Found], Place]) -> tuple[list[_Found], Place | None]:
    left = sorted((one for one in found if part.after is None or place(one) > part.after), key=place)
    page = left[: part.limit]
    return page, place(page[-1]) if len(left) > part.limit else None


def _accountable(rows: Iterable[Row]) -> list[Holding]:
    return [holding for layer in layers(rows) for holding in layer]


def _around(principals: Sequence[Holding], gap: Span) -> Iterator[UUID]:
    before = [one for one in principals if one.until is not None and one.until <= gap[0]]
    after = [one for one in principals if one.since >= gap[1]]
    if before:
        yield from max(before, key=lambda one: one.since).events
    if after:
        yield from min(after, key=lambda one: one.since).events


def _together(holding: Holding, gone: Leavers) -> Together:
    return Together.model_validate(
        {
            "person": holding.person,
            "assignment_id": holding.assignment,
            "since": holding.since,
            "until": holding.until,
            "left": gone.keep(holding.person, holding.until),
            "events": list(holding.events),
        }
    )


def grouped(rows: Iterable[dict[str, Any]], column: str) -> dict[Any, list[Row]]:
    """Rows by the value of a column, in their order."""
    found: dict[Any, list[Row]] = {}
    for row in rows:
        found.setdefault(row[column], []).append(row)
    return found


def all_known(calendar: WorkingCalendar, since: datetime, until: datetime) -> bool:
    """Whether the public holidays of every local year in `[since, until)` are known."""
    last = calendar.local_date(until - timedelta(microseconds=1)).year
    return calendar.known_years.issuperset(range(calendar.local_date(since).year, last + 1))
