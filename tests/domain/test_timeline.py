"""A timeline finds what looking at every interval would find."""

import random
from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from aggregates.intervals import covers, overlap
from aggregates.timeline import Interval, Timeline
from tests.domain.people import on

START = on("2025-03-01")
KEYS = range(400)


def _interval(chance: random.Random, days: int) -> Interval:
    since = START + timedelta(days=chance.randrange(days))
    until = since + timedelta(days=chance.choice((0, 1, 3, days)))
    return since, None if chance.random() < 0.1 else until


@settings(deadline=None, max_examples=60)
@given(seed=st.integers(0, 10_000), orders=st.sampled_from((0, 1, 5, 129, 700)), days=st.sampled_from((4, 900)))
def test_what_shares_time_is_found(seed: int, orders: int, days: int) -> None:
    chance = random.Random(seed)  # noqa: S311 - no secret
    plain: dict[int, Interval] = {}
    timeline: Timeline[int] = Timeline()
    for _ in range(orders):
        key = chance.choice(KEYS)
        if chance.random() < 0.2:
            plain.pop(key, None)
            timeline = timeline.without(key)
        else:
            plain[key] = _interval(chance, days)
            timeline = timeline.put(key, *plain[key])
    assert timeline.intervals() == plain
    assert timeline == Timeline(plain)
    for _ in range(10):
        since, until = _interval(chance, days)
        found = list(timeline.overlapping(since, until))
        assert len(set(found)) == len(found)
        assert set(found) == {key for key, interval in plain.items() if overlap(since, until, *interval)}
        assert set(timeline.at(since)) == {key for key, interval in plain.items() if covers(*interval, since)}


def test_the_timeline_before_is_as_it_was() -> None:
    nothing: Timeline[str] = Timeline()
    one = nothing.put("林晓", START, None)
    assert (list(nothing.at(START)), list(one.at(START)), list(one.without("林晓").at(START))) == ([], ["林晓"], [])
    assert one != nothing
    assert repr(nothing) == "Timeline({})"


def test_few_of_many_are_looked_at() -> None:
    looked_at = 0

    class Counted(type(START)):  # type: ignore[misc]
        def __le__(self, other: object) -> bool:
            nonlocal looked_at
            looked_at += 1
            return bool(super().__le__(other))

    def counted(day: int) -> Counted:
        at = START + timedelta(days=day)
        return Counted(at.year, at.month, at.day, tzinfo=at.tzinfo)

    timeline = Timeline({key: (START + timedelta(days=key), counted(key + 1)) for key in range(1000)})
    assert list(timeline.at(START + timedelta(days=500, hours=1))) == [500]
    assert 0 < looked_at < 40
