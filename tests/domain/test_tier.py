"""The tier of a customer: in force from an instant on, the later word counts."""

from datetime import datetime

from hypothesis import given, settings
from hypothesis import strategies as st

from aggregates.customer.state import Customer
from commands.customer.tier import AssignTier, OverrideTier
from events.customer.tier import TierAssigned, TierOverridden
from events.vocabulary.values import Tier
from tests.domain.given import given_customer
from tests.domain.people import on

MARCH = on("2025-03-01")
TIERS: tuple[Tier, ...] = ("vip", "first", "second")


def test_a_customer_is_given_a_tier() -> None:
    given_customer().when(AssignTier(tier="vip", since=MARCH)).then(TierAssigned(tier="vip", since=MARCH))


def test_overriding_a_tier_with_the_same_one_is_a_decision_of_its_own() -> None:
    given_customer(TierAssigned(tier="vip", since=MARCH)).when(
        OverrideTier(tier="vip", since=MARCH, reason="董事会")
    ).then(TierOverridden(tier="vip", since=MARCH))


def test_a_tier_may_be_given_again_after_another() -> None:
    given_customer(TierAssigned(tier="vip", since=MARCH), TierAssigned(tier="first", since=MARCH)).when(
        AssignTier(tier="vip", since=MARCH)
    ).then(TierAssigned(tier="vip", since=MARCH))


def _day(day: int) -> datetime:
    return on(f"2025-03-{day:02}")


@settings(deadline=None)
@given(st.lists(st.tuples(st.integers(1, 6), st.sampled_from(TIERS))))
def test_of_two_tiers_from_the_same_instant_the_later_word_counts(given_tiers: list[tuple[int, Tier]]) -> None:
    state = given_customer(*(TierAssigned(tier=tier, since=_day(day)) for day, tier in given_tiers)).state()
    assert isinstance(state, Customer)
    for at in range(1, 8):
        begun = [(day, order, tier) for order, (day, tier) in enumerate(given_tiers) if day <= at]
        assert state.tier_at(_day(at)) == (max(begun)[2] if begun else None)
