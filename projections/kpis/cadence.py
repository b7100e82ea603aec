"""沟通频次达标率: customers that were called each week, or met each month, as often as the cadence asks."""

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from fractions import Fraction
from typing import Any, Literal
from uuid import UUID

from events.vocabulary.working_calendar import WorkingCalendar
from projections.attribution.holders import Layers, Row, layers
from projections.attribution.items import Holders, Item
from projections.coverage.spans import Span, tier_at
from projections.coverage.working_time import midnight
from projections.kpis.cases import Case, Reason, excluded
from projections.kpis.periods import Days

_LAST_INSTANT = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Contact:
    """A contact of the kind that counts."""

    at: datetime
    event: UUID


@dataclass(frozen=True, slots=True)
class Rules:
    """The company's rules as they were known."""

    calendar: WorkingCalendar
    calendar_event: UUID
    cadences: Sequence[Row]
    """Rows of the policies view."""
    asked: Literal["calls_per_week", "visits_per_month"]

    def required(self, tier: str | None, at: datetime) -> tuple[int, UUID] | None:
        """How many contacts the cadence in force asks for, and its event; none where it says nothing."""
        in_force = [row for row in self.cadences if row["since"] <= at]
        if not in_force:
            return None
        edition = max(in_force, key=lambda row: (row["since"], row["edition"]))
        for wanted in (tier, None):
            for rule in edition["content"]["rules"]:
                if rule["tier"] == wanted:
                    return int(rule[self.asked]), edition["event"]
        return None


@dataclass(frozen=True, slots=True)
class Facts:
    """The customers with what is known of each, by id."""

    customers: Sequence[Row]
    tiers: Mapping[Any, Sequence[Row]]
    contacts: Mapping[Any, Sequence[Contact]]
    """In the order of time."""
    held: Holders


@dataclass(frozen=True, slots=True)
class _Customer:
    row: Row
    tiers: Sequence[Row]
    contacts: Sequence[Contact]
    layers: Layers

    @property
    def first_held(self) -> datetime | None:
        return min((one.since for layer in self.layers for one in layer if one.kind == "principal"), default=None)


def cases(facts: Facts, days: Sequence[Days], rules: Rules, now: datetime) -> Iterator[Case]:
    """Customers times months or weeks that have begun."""
    spans = [(midnight(one.first, rules.calendar), midnight(one.after, rules.calendar)) for one in days]
    for row in facts.customers:
        identifier = row["customer_id"]
        customer = _Customer(
            row,
            facts.tiers.get(identifier, ()),
            facts.contacts.get(identifier, ()),
            layers(facts.held.get(f"customer:{identifier}", ())),
        )
        for one, span in zip(days, spans, strict=True):
            case = _case(customer, one, span, rules, now) if span[0] < now else None
            if case is not None:
                yield case


def _case(customer: _Customer, days: Days, span: Span, rules: Rules, now: datetime) -> Case | None:
    registered_on = customer.row["registered_on"]
    if registered_on is not None and registered_on >= days.after:
        return None
    registration: UUID = customer.row["events"][0]
    item = _item(customer, days, span)

    def without(reason: Reason, *events: UUID) -> Case:
        return excluded(item.name, span[0], item, reason, events)

    if span[1] > now:
        return without("not_over", registration)
    if registered_on is not None and registered_on > days.first:
        return without("partial", registration)
    if not _has_working_day(days, rules.calendar):
        return without("no_working_day", rules.calendar_event)
    first_held = customer.first_held
    if first_held is None or first_held > span[0]:
        return without("no_holder_yet", registration)
    tier = tier_at(customer.tiers, span[0])
    required = rules.required(tier["tier"] if tier else None, span[0])
    proof = (tier["tier_id"],) if tier else ()
    if required is None:
        return without("no_cadence", registration, *proof)
    count, cadence = required
    if count == 0:
        return without("none_required", cadence, *proof)
    made = _within(customer.contacts, span)
    met = len(made) >= count
    events = (*(contact.event for contact in made), cadence, *proof)
    return Case(item.name, span[0], item, "met" if met else "missed", Fraction(met), events)


def _item(customer: _Customer, days: Days, span: Span) -> Item:
    """The duty of a month or week: it falls due, and is over, at the last instant of it."""
    identifier = customer.row["customer_id"]
    last = span[1] - _LAST_INSTANT
    return Item(
        f"customer:{identifier}/{days.name}", identifier, span[0], last, last, customer.layers, weighed_until=span[1]
    )


def _has_working_day(days: Days, calendar: WorkingCalendar) -> bool:
    return any(
        calendar.is_working_day(days.first + timedelta(days=offset)) for offset in range((days.after - days.first).days)
    )


def _within(contacts: Sequence[Contact], span: Span) -> Sequence[Contact]:
    first, after = (bisect_left(contacts, at, key=lambda contact: contact.at) for at in span)
    return contacts[first:after]
