"""沟通频次达标率: customers that were called each week, or met each month, as often as the cadence asks."""

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
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
_MET, _MISSED = Fraction(1), Fraction(0)


@dataclass(frozen=True, slots=True)
class Contacts:
    """The contacts of one customer that are of the kind that counts, in the order of time."""

    times: list[datetime] = field(default_factory=list)
    events: list[UUID] = field(default_factory=list)

    def within(self, span: Span) -> list[UUID]:
        """The events of those in a span."""
        return self.events[bisect_left(self.times, span[0]) : bisect_left(self.times, span[1])]


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
    contacts: Mapping[Any, Contacts]
    held: Holders


@dataclass(frozen=True, slots=True)
class _Customer:
    row: Row
    tiers: Sequence[Row]
    contacts: Contacts
    layers: Layers
    first_held: datetime | None


@dataclass(frozen=True, slots=True)
class _Stretch:
    """A month or week that has begun."""

    days: Days
    span: Span
    works: bool
    """Whether anybody works in it."""
    required: dict[str | None, tuple[int, UUID] | None] = field(default_factory=dict)
    """Tier → what `Rules.required` says, remembered."""


_NO_CONTACTS = Contacts()


def cases(facts: Facts, days: Sequence[Days], rules: Rules, now: datetime) -> Iterator[Case]:
    """Customers times months or weeks that have begun."""
    stretches = [one for one in (_stretch(these, rules.calendar) for these in days) if one.span[0] < now]
    for row in facts.customers:
        identifier = row["customer_id"]
        by_closeness = layers(facts.held.get(f"customer:{identifier}", ()))
        customer = _Customer(
            row,
            facts.tiers.get(identifier, ()),
            facts.contacts.get(identifier, _NO_CONTACTS),
            by_closeness,
            min((one.since for layer in by_closeness for one in layer if one.kind == "principal"), default=None),
        )
        for stretch in stretches:
            case = _case(customer, stretch, rules, now)
            if case is not None:
                yield case


def in_tier(cases: Iterable[Case], tiers: Mapping[Any, Sequence[Row]], tier: str) -> Iterator[Case]:
    """Those of customers who were in a tier when the month or week began, with the event that says so."""
    for case in cases:
        row = tier_at(tiers.get(case.item.customer, ()), case.at)
        if row is not None and row["tier"] == tier:
            yield replace(case, tier_event=row["tier_id"])


@dataclass(frozen=True, slots=True)
class Tally:
    """The months or weeks that have begun, to count the cases of many customers without looking at each."""

    stretches: Sequence[_Stretch]
    rules: Rules
    now: datetime

    @property
    def over(self) -> int:
        """How many are over."""
        return sum(stretch.span[1] <= self.now for stretch in self.stretches)

    def parameters(self) -> dict[str, Any]:
        """What `questions.TALLY` takes."""
        tiers = [
            "",
            *sorted({rule["tier"] for row in self.rules.cadences for rule in row["content"]["rules"]} - {None}),
        ]
        return {
            "tiers": tiers,
            "required": [self._needed(tier or None, number) for tier in tiers for number in range(len(self.stretches))],
            "starts": [stretch.span[0] for stretch in self.stretches],
            "firsts": [stretch.days.first for stretch in self.stretches],
            "afters": [stretch.days.after for stretch in self.stretches],
            "stretches": len(self.stretches),
            "since": self.stretches[0].span[0],
            "until": self.stretches[-1].span[1],
        }

    def _needed(self, tier: str | None, number: int) -> int | None:
        stretch = self.stretches[number]
        if number >= self.over or self._code(tier, stretch) != "missed":
            return None
        required = self.rules.required(tier, stretch.span[0])
        return required[0] if required else None

    def cases(self, rows: Iterable[Row]) -> dict[str, int]:
        """How many cases there are of each outcome, by what the question answered."""
        found: Counter[str] = Counter()
        codes: dict[str | None, list[str]] = {}
        over = self.over + 1
        for row in rows:
            tier, customers = row["tier"], row["cases"]
            if row["met"]:
                found["met"] += customers
                found["missed"] -= customers
                continue
            if tier not in codes:
                codes[tier] = [self._code(tier, stretch) for stretch in self.stretches]
            begins, ends = max(row["begins"], row["registered"]), row["ends"]
            whole, held = max(row["whole"], begins), max(row["held"], begins, row["whole"])
            found["not_over"] += customers * max(0, ends - max(begins, over))
            ends = min(ends, over)
            found["partial"] += customers * max(0, min(whole, ends) - begins)
            for code, count in Counter(codes[tier][whole - 1 : max(whole, min(held, ends)) - 1]).items():
                found["no_working_day" if code == "no_working_day" else "no_holder_yet"] += customers * count
            for code, count in Counter(codes[tier][held - 1 : max(held, ends) - 1]).items():
                found[code] += customers * count
        return dict(found)

    def _code(self, tier: str | None, stretch: _Stretch) -> str:
        """What becomes of a customer of a tier that was held, and not called or met."""
        if not stretch.works:
            return "no_working_day"
        required = self.rules.required(tier, stretch.span[0])
        if required is None:
            return "no_cadence"
        return "missed" if required[0] else "none_required"


def tally(days: Sequence[Days], rules: Rules, now: datetime) -> Tally:
    """The months or weeks that have begun."""
    stretches = [_stretch(these, rules.calendar) for these in days]
    return Tally([one for one in stretches if one.span[0] < now], rules, now)


def _stretch(days: Days, calendar: WorkingCalendar) -> _Stretch:
    span = midnight(days.first, calendar), midnight(days.after, calendar)
    length = (days.after - days.first).days
    works = any(calendar.is_working_day(days.first + timedelta(days=offset)) for offset in range(length))
    return _Stretch(days, span, works)


def _case(customer: _Customer, stretch: _Stretch, rules: Rules, now: datetime) -> Case | None:
    days, span = stretch.days, stretch.span
    registered_on = customer.row["registered_on"]
    if registered_on is not None and registered_on >= days.after:
        return None
    registration: UUID = customer.row["events"][0]
    item = _item(customer, stretch)

    def without(reason: Reason, *events: UUID) -> Case:
        return excluded(item.name, span[0], item, reason, events)

    if span[1] > now:
        return without("not_over", registration)
    if registered_on is not None and registered_on > days.first:
        return without("partial", registration)
    if not stretch.works:
        return without("no_working_day", rules.calendar_event)
    if customer.first_held is None or customer.first_held > span[0]:
        return without("no_holder_yet", registration)
    row = tier_at(customer.tiers, span[0])
    tier, proof = (row["tier"], (row["tier_id"],)) if row else (None, ())
    if tier not in stretch.required:
        stretch.required[tier] = rules.required(tier, span[0])
    required = stretch.required[tier]
    if required is None:
        return without("no_cadence", registration, *proof)
    count, cadence = required
    if count == 0:
        return without("none_required", cadence, *proof)
    made = customer.contacts.within(span)
    outcome, score = ("met", _MET) if len(made) >= count else ("missed", _MISSED)
    return Case(item.name, span[0], item, outcome, score, (*made, cadence, *proof))


def _item(customer: _Customer, stretch: _Stretch) -> Item:
    """The duty of a month or week: it falls due, and is over, at the last instant of it."""
    identifier, (since, until) = customer.row["customer_id"], stretch.span
    last = until - _LAST_INSTANT
    return Item(
        f"customer:{identifier}/{stretch.days.name}",
        identifier,
        since,
        last,
        last,
        customer.layers,
        weighed_until=until,
    )
