"""The named rules by which a fact is charged to those who held it."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from typing import Literal, assert_never, get_args

from events.vocabulary.working_calendar import WorkingCalendar
from projections.attribution.holders import Held, Holding, held_at
from projections.attribution.items import Item
from projections.customer.complaints.clocks import Keeping

Rule = Literal["at_occurrence", "at_due", "at_resolution", "current", "time_weighted"]
RULES: tuple[Rule, ...] = get_args(Rule)
Uncharged = Literal["customers-own", "no-due-time", "not-ended", "not-yet-occurred"]

_MICROSECOND = timedelta(microseconds=1)
_DIGITS = 6


@dataclass(frozen=True, slots=True)
class Piece:
    """A share of a fact; a delegate has none, the principal keeps it."""

    holding: Holding
    share: Fraction
    since: datetime
    until: datetime | None
    """The interval charged for: that of the holding, or under `time_weighted` the part of it that is weighed."""


@dataclass(frozen=True, slots=True)
class Charge:
    """A fact charged under a rule: the shares of the pieces and `unheld` make 1, unless it is uncharged."""

    instant: datetime | None
    """The instant that decides; none where time is weighed or nothing is charged."""
    pieces: tuple[Piece, ...] = ()
    unheld: Fraction = Fraction(0)
    """The share for which nobody answers."""
    uncharged: Uncharged | None = None
    """Why the rule has no instant for this fact."""
    window: tuple[datetime, datetime] | None = None
    """The time that is weighed."""
    calendar: WorkingCalendar | None = None
    """The working time that is weighed; none where all time is."""

    def length(self, since: datetime, until: datetime) -> int:
        """How much of what is weighed lies in `[since, until)`, in microseconds."""
        length = until - since if self.calendar is None else self.calendar.between(since, until)
        return length // _MICROSECOND


def charge(item: Item, rule: Rule, effective_at: datetime) -> Charge:
    """Charge a fact to those who held it; `effective_at` is the present of `current` and `time_weighted`."""
    if item.customers_own:
        return Charge(None, uncharged="customers-own")
    match rule:
        case "at_occurrence":
            return _at_occurrence(item)
        case "at_due":
            if item.due_at is None:
                return Charge(None, uncharged="no-due-time")
            return _at(item.due_at, held_at(item.layers, item.due_at))
        case "at_resolution":
            if item.ended_at is None:
                return Charge(None, uncharged="not-ended")
            if item.ended_at == item.occurred_at:
                return _at_occurrence(item)
            return _at(item.ended_at, held_at(item.layers, item.ended_at))
        case "current":
            return _at(effective_at, held_at(item.layers, effective_at))
        case "time_weighted":
            return _weighed(item, effective_at)
        case _:
            assert_never(rule)


def _at_occurrence(item: Item) -> Charge:
    if item.pinned is None:
        return _at(item.occurred_at, held_at(item.layers, item.occurred_at))
    return _at(
        item.occurred_at,
        Held(
            tuple(one for one in item.pinned if one.kind == "principal"),
            tuple(one for one in item.pinned if one.kind == "acting"),
        ),
    )


def _at(instant: datetime, held: Held) -> Charge:
    pieces = tuple(Piece(one, share, one.since, one.until) for one, share in _shared(held))
    return Charge(instant, pieces, Fraction(0) if held.principals else Fraction(1))


def _shared(held: Held) -> Iterator[tuple[Holding, Fraction]]:
    for holding in held.principals:
        yield holding, Fraction(1, len(held.principals))
    for holding in held.acting:
        yield holding, Fraction(0)


def _weighed(item: Item, effective_at: datetime) -> Charge:
    since, until = item.occurred_at, min(item.weighed_until or item.ended_at or effective_at, effective_at)
    if effective_at < since:
        return Charge(None, uncharged="not-yet-occurred")
    if item.keeping is not None:
        return _kept(item, item.keeping, effective_at)
    if until <= since:
        return _at_occurrence(item)
    pieces: list[Piece] = []
    unheld = Fraction(0)
    for begin, end in _stretches(item, since, until):
        weight = Fraction((end - begin) // _MICROSECOND, (until - since) // _MICROSECOND)
        held = held_at(item.layers, begin)
        if not held.principals:
            unheld += weight
        pieces += [Piece(one, share * weight, begin, end) for one, share in _shared(held)]
    return Charge(None, tuple(pieces), unheld, window=(since, until))


def _kept(item: Item, keeping: Keeping, effective_at: datetime) -> Charge:
    """By the working time of the item's own clock; where it has not run, whoever held it at the beginning."""
    kept = [one for one in keeping.kept(effective_at) if one.worked]
    total = sum((one.worked for one in kept), timedelta())
    if not total:
        return _at_occurrence(item)
    pieces: list[Piece] = []
    unheld = Fraction(0)
    for one in kept:
        weight = Fraction(one.worked // _MICROSECOND, total // _MICROSECOND)
        if not one.held.principals:
            unheld += weight
        pieces += [Piece(holding, share * weight, one.since, one.until) for holding, share in _shared(one.held)]
    window = kept[0].since, kept[-1].until
    return Charge(None, tuple(pieces), unheld, window=window, calendar=keeping.calendar)


def _stretches(item: Item, since: datetime, until: datetime) -> Iterator[tuple[datetime, datetime]]:
    """The window in stretches over which nothing changes."""
    turns = {since, until}
    for holding in (one for layer in item.layers for one in layer):
        turns |= {turn for turn in (holding.since, holding.until) if turn is not None and since < turn < until}
    ordered = sorted(turns)
    return pairwise(ordered)


def joined(pieces: Iterable[Piece]) -> list[Piece]:
    """Pieces of the same holding that follow on one another as one; in the order in which they begin."""
    found: list[Piece] = []
    for piece in pieces:
        before = next((index for index, one in enumerate(found) if _goes_on(one, piece)), None)
        if before is None:
            found.append(piece)
        else:
            one = found[before]
            found[before] = Piece(one.holding, one.share + piece.share, one.since, piece.until)
    return sorted(found, key=lambda one: (one.holding.kind != "principal", one.since))


def _goes_on(before: Piece, piece: Piece) -> bool:
    return before.holding == piece.holding and before.until == piece.since


def rounded(shares: Sequence[Fraction]) -> list[Decimal]:
    """Shares that make 1 with six decimals, so that they still make 1: what is left goes to the largest remainders."""
    units = 10**_DIGITS
    whole = [int(share * units) for share in shares]
    left = int(sum(shares) * units) - sum(whole)
    by_remainder = sorted(range(len(shares)), key=lambda index: (whole[index] - shares[index] * units, index))
    for index in by_remainder[:left]:
        whole[index] += 1
    return [Decimal(one).scaleb(-_DIGITS) for one in whole]
