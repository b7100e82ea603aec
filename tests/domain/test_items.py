"""Items are a dictionary that is never changed, whatever lies in its lowest layer."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aggregates.items import Items

KEYS = range(300)


def test_what_is_put_is_there_and_the_items_before_are_as_they_were() -> None:
    nothing: Items[str, int] = Items()
    one = nothing.put("林晓", 1)
    other = one.put("王敏", 2).without("林晓")
    assert (dict(nothing), dict(one), dict(other)) == ({}, {"林晓": 1}, {"王敏": 2})
    assert repr(one) == "Items({'林晓': 1})"
    with pytest.raises(KeyError):
        other["林晓"]


@settings(deadline=None, max_examples=40)
@given(seed=st.integers(0, 10_000), orders=st.integers(0, 700), written=st.sampled_from((0, 5, 200)))
def test_items_are_as_a_dictionary_would_be(seed: int, orders: int, written: int) -> None:
    chance = random.Random(seed)  # noqa: S311 - no secret
    plain = {key: -key for key in chance.sample(KEYS, written)}
    items = Items(dict(plain))
    kept = []
    for order in range(orders):
        key = chance.choice(KEYS)
        if chance.random() < 0.3:
            plain.pop(key, None)
            items = items.without(key)
        else:
            plain[key] = order
            items = items.put(key, order)
        if chance.random() < 0.02:
            kept.append((items, dict(plain)))
    for now, expected in [*kept, (items, plain)]:
        assert now == expected
        assert len(now) == len(expected)
        assert {key: now.get(key) for key in KEYS} == {key: expected.get(key) for key in KEYS}
        assert {**{key: now.written[key] for key in now.written if key not in now.taken_out()}, **now.changed()} == now
