"""Half-open intervals, checked against counting the days that they cover."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aggregates.intervals import covers, overlap, require_interval
from aggregates.refusal import Refused
from tests.domain.people import on

START = on("2025-03-01")
DAYS = 8


def day(number: int) -> datetime:
    return START + timedelta(days=number)


starts = st.integers(0, DAYS)
ends = st.none() | st.integers(0, DAYS)


def covered(since: int, until: int | None) -> set[int]:
    return {number for number in range(DAYS + 1) if since <= number and (until is None or number < until)}


@settings(deadline=None)
@given(starts, ends, starts, ends)
def test_intervals_overlap_where_they_cover_the_same_day(
    since: int, until: int | None, other_since: int, other_until: int | None
) -> None:
    end, other_end = (None if one is None else day(one) for one in (until, other_until))
    assert overlap(day(since), end, day(other_since), other_end) == bool(
        covered(since, until) & covered(other_since, other_until)
    )


@settings(deadline=None)
@given(starts, ends, starts)
def test_an_interval_covers_its_start_and_not_its_end(since: int, until: int | None, at: int) -> None:
    end = None if until is None else day(until)
    assert covers(day(since), end, day(at)) == (at in covered(since, until))


def test_an_interval_ends_after_it_starts() -> None:
    require_interval(day(1), day(2))
    require_interval(day(1), None)
    with pytest.raises(Refused, match="empty"):
        require_interval(day(1), day(1))
    with pytest.raises(Refused, match="inverted"):
        require_interval(day(1), day(0))
