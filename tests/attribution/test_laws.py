"""Laws of charging and of coverage that hold for any intervals."""

from datetime import datetime, timedelta
from fractions import Fraction
from itertools import pairwise
from uuid import UUID

from hypothesis import given, settings
from hypothesis import strategies as st

from projections.attribution.holders import Holding, held_at
from projections.attribution.items import Item
from projections.attribution.rules import RULES, Rule, charge, joined, rounded
from projections.coverage.spans import Span, gaps, overlaps
from projections.coverage.working_time import WorkingTime
from tests.domain.company import CALENDAR
from tests.domain.people import number, on

START = on("2025-01-01")
HOURS = st.integers(0, 200)


def hour(value: int) -> datetime:
    return START + timedelta(hours=value)


@st.composite
def holdings(draw: st.DrawFn) -> tuple[Holding, ...]:
    found = []
    for no in range(draw(st.integers(0, 5))):
        since = draw(HOURS)
        until = draw(st.none() | st.integers(since + 1, 220))
        principal = Holding(
            number(draw(st.integers(1, 3))), "principal", hour(since), hour(until) if until else None, (), number(no)
        )
        found.append(principal)
        if draw(st.booleans()):
            found.append(Holding(number(50), "acting", principal.since, principal.until, (), number(no)))
    return tuple(found)


@st.composite
def items(draw: st.DrawFn) -> Item:
    occurred = draw(HOURS)
    ended = draw(st.none() | st.integers(occurred, 220))
    return Item(
        "commitment:1",
        UUID(int=1),
        hour(occurred),
        draw(st.none() | st.just(hour(draw(HOURS)))),
        None if ended is None else hour(ended),
        tuple(draw(st.lists(holdings(), min_size=1, max_size=3))),
    )


@given(items(), st.sampled_from(RULES), HOURS)
def test_shares_and_what_nobody_held_make_exactly_one(item: Item, rule: Rule, now: int) -> None:
    charged = charge(item, rule, hour(now))
    shares = [piece.share for piece in charged.pieces]
    if charged.uncharged is not None:
        assert shares == []
        assert charged.unheld == 0
        return
    assert sum(shares, charged.unheld) == 1
    assert all(share > 0 or piece.holding.kind == "acting" for share, piece in zip(shares, charged.pieces, strict=True))
    assert sum((piece.share for piece in joined(charged.pieces)), charged.unheld) == 1


@given(items(), HOURS)
def test_weighing_time_is_looking_at_every_hour(item: Item, now: int) -> None:
    charged = charge(item, "time_weighted", hour(now))
    if charged.window is None:
        return
    since, until = charged.window
    hours = [since + timedelta(hours=index) for index in range((until - since) // timedelta(hours=1))]
    expected: dict[UUID, Fraction] = {}
    for at in hours:
        principals = held_at(item.layers, at).principals
        for one in principals:
            share = Fraction(1, len(principals) * len(hours))
            expected[one.person] = expected.get(one.person, Fraction(0)) + share
    found: dict[UUID, Fraction] = {}
    for piece in charged.pieces:
        if piece.holding.kind == "principal":
            found[piece.holding.person] = found.get(piece.holding.person, Fraction(0)) + piece.share
    assert found == expected


@given(st.lists(st.fractions(0, 1), min_size=1, max_size=9).filter(lambda shares: sum(shares) > 0))
def test_rounded_shares_still_make_one(parts: list[Fraction]) -> None:
    shares = [part / sum(parts) for part in parts]
    found = rounded(shares)
    assert sum(found) == 1
    assert all(abs(Fraction(one) - share) < Fraction(1, 10**6) for one, share in zip(found, shares, strict=True))


@given(holdings(), HOURS, st.integers(1, 100))
def test_at_every_hour_there_is_a_holder_or_a_gap_and_an_overlap_where_there_are_two(
    held: tuple[Holding, ...], first: int, length: int
) -> None:
    span: Span = (hour(first), hour(first + length))
    principals = [one for one in held if one.kind == "principal"]
    vacant, crowded = list(gaps(principals, span)), list(overlaps(principals, span))
    for index in range(length):
        at = hour(first + index)
        people = {one.person for one in principals if one.covers(at)}
        assert any(since <= at < until for since, until in vacant) == (not people)
        assert any(since <= at < until for (since, until), _ in crowded) == (len(people) > 1)
    assert all(earlier[1] < later[0] for earlier, later in pairwise(vacant))


@settings(max_examples=60)
@given(st.lists(st.tuples(st.integers(0, 600_000), st.integers(0, 600_000)), min_size=1, max_size=6))
def test_working_time_counted_day_by_day_is_the_calendars(pairs: list[tuple[int, int]]) -> None:
    worked = WorkingTime(CALENDAR, START)
    for first, second in pairs:
        since, until = (START + timedelta(minutes=minute) for minute in sorted((first, second)))
        assert worked.between(since, until) == CALENDAR.between(since, until)
