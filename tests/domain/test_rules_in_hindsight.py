"""What is put right keeps to the rules of its item at each of its fields; what it was pinned to stays pinned."""

from typing import Any

import pytest

from aggregates.customer.obligations import SLICE as OBLIGATIONS
from commands.customer.obligations import RecordObligationFellDue
from commands.facts import CorrectFact, WithdrawFact
from commands.policy.rules import PublishWorkingCalendar
from events.base import Event
from events.customer.complaints import ComplaintReceived, ServiceLevel
from events.customer.tier import TierAssigned
from events.facts import FactCorrected
from events.policy.calendars import WorkingCalendarPublished
from events.policy.service_levels import ServiceLevelsPublished
from events.responsibility import ResponsibilityCorrected
from events.vocabulary.policies import Level
from tests.domain.company import CALENDAR, PUBLISHED
from tests.domain.given import Scenario, given_customer, given_policy
from tests.domain.people import LIN, QIAN, STRANGER, WANG, ZHOU, on
from tests.domain.words import assigned, delegated, delegation, ended, made, obligation, received, signed, undertaken

VIP = TierAssigned(tier="vip", since=on("2025-03-10"))
AS_VIP = received(1, first_response_due="2025-03-10 10:00", resolution_due="2025-03-10 18:00").model_copy(
    update={
        "service_level": ServiceLevel(
            policy_version=1, calendar_version=1, tier="vip", first_response_minutes=60, resolution_minutes=480
        )
    }
)
STRICTER = ServiceLevelsPublished(
    edition=2,
    since=on("2024-01-01"),
    levels=(Level(tier=None, severity="high", first_response_minutes=10, resolution_minutes=20),),
)


def correct(scenario: Scenario, version: int, **values: Any) -> CorrectFact:
    return CorrectFact(event=scenario.event(version), values=values, reason="核对后更正")


def truth(scenario: Scenario, version: int, kind: type[Event], **values: Any) -> Any:
    """How the event truly was, once that is recorded."""
    outcome = scenario.when(correct(scenario, version, **values))
    assert outcome.refusal is None, outcome.refusal
    (put_right,) = [one for one in outcome.events if isinstance(one, FactCorrected) and one.version == version]
    return kind.model_validate(put_right.truth)


# A complaint's service level


def test_a_severity_is_put_right_under_the_tier_of_receipt() -> None:
    pinned = given_customer(VIP, AS_VIP)
    level = truth(pinned, 3, ComplaintReceived, severity="medium").service_level
    assert (level.tier, level.resolution_minutes) == ("vip", 1440)


def test_a_tier_that_is_recorded_later_does_not_come_in_with_a_severity() -> None:
    without = given_customer(received(1), VIP)
    assert truth(without, 2, ComplaintReceived, severity="medium").service_level.tier is None


@pytest.mark.parametrize(
    ("at", "tier", "due"),
    [("2025-03-07 09:00", None, "2025-03-10 18:00"), ("2025-03-11 09:00", "vip", "2025-03-11 18:00")],
)
def test_a_receipt_at_another_time_has_the_tier_of_that_time(at: str, tier: str | None, due: str) -> None:
    pinned = given_customer(VIP, AS_VIP).at(on("2025-03-12"))
    right = truth(pinned, 3, ComplaintReceived, received_at=on(at).isoformat())
    assert (right.service_level.tier, right.resolution_due_at) == (tier, on(due))


def test_other_words_leave_the_clocks_though_the_rules_changed() -> None:
    right = truth(given_customer(received(1)).under(*PUBLISHED, STRICTER), 2, ComplaintReceived, content="停机半天")
    assert (right.content, right.service_level) == ("停机半天", received(1).service_level)
    assert right.resolution_due_at == received(1).resolution_due_at


# Promises and duties


def test_a_promise_was_given_by_somebody_whom_we_know() -> None:
    promised = given_customer(made(1))
    promised.when(correct(promised, 2, promised_by=str(STRANGER))).refused("person.unknown", "values.promised_by")
    assert truth(promised, 2, type(made(1)), promised_by=str(LIN)).promised_by == LIN


def test_a_promise_may_be_due_when_it_is_made_and_no_sooner() -> None:
    promised = given_customer(made(1, at="2025-03-01 10:00"))
    assert truth(promised, 2, type(made(1)), due_at=on("2025-03-01 10:00").isoformat()).due_at == on("2025-03-01 10:00")
    promised.when(correct(promised, 2, due_at=on("2025-03-01 09:59").isoformat())).refused(
        "commitment.due-before-made", "values.due_at"
    )


def test_a_promise_that_was_already_due_before_it_was_made_may_be_worded_anew() -> None:
    odd = given_customer(made(1, "2025-02-01", at="2025-03-01 10:00"))
    assert truth(odd, 2, type(made(1)), text="四月交付").text == "四月交付"
    at_once = given_customer(made(1, "2025-03-01 10:00", at="2025-03-01 10:00"))
    at_once.when(correct(at_once, 2, due_at=on("2025-02-01").isoformat())).refused(
        "commitment.due-before-made", "values.due_at"
    )


def test_a_duty_may_be_due_when_it_is_undertaken_and_no_sooner() -> None:
    owed = given_customer(signed(), undertaken(1))
    assert truth(owed, 3, type(undertaken(1)), due_at=on("2025-01-15").isoformat()).due_at == on("2025-01-15")
    owed.when(correct(owed, 3, due_at=on("2025-01-14").isoformat())).refused(
        "obligation.due-before-undertaken", "values.due_at"
    )


def test_a_duty_may_turn_out_to_be_owned_by_nobody_but_not_by_somebody_who_had_left() -> None:
    owed = given_customer(signed(), undertaken(1, "2025-12-01", at="2025-06-15"))
    assert truth(owed, 3, type(undertaken(1)), owner=None).owner is None
    owed.when(correct(owed, 3, owner=str(QIAN))).refused("person.inactive", "values.owner")
    earlier = given_customer(signed(), undertaken(1, at="2025-05-15", due="2025-12-01"))
    assert truth(earlier, 3, type(undertaken(1)), owner=str(QIAN)).owner == QIAN


def test_that_a_duty_fell_due_happened_when_it_was_due() -> None:
    owed = given_customer(signed(), undertaken(1)).state()
    assert OBLIGATIONS.due is not None
    (due,) = OBLIGATIONS.due(owed.obligations, owed, on("2025-06-01"))  # type: ignore[union-attr]
    at = on("2025-04-01")
    assert due.command == RecordObligationFellDue(obligation_id=obligation(1), due_at=at, occurred_at=at)


# Who answers for it


def test_an_end_that_is_taken_back_leaves_the_end_that_was_there_before() -> None:
    planned = given_customer(assigned(LIN, until="2025-12-31"), ended(1, "2025-06-30"))
    (open_again,) = planned.when(WithdrawFact(event=planned.event(3), reason="仍在任")).events
    assert isinstance(open_again, ResponsibilityCorrected)
    assert open_again.until == on("2025-12-31")


def test_a_delegation_keeps_a_time_and_room_of_its_own() -> None:
    acting = given_customer(
        assigned(LIN), delegated(1, WANG, "2025-04-01", "2025-05-01"), delegated(2, ZHOU, "2025-05-01", "2025-06-01")
    )
    acting.when(correct(acting, 3, until=on("2025-04-01").isoformat())).refused("interval.empty", "values.until")
    acting.when(correct(acting, 3, until=on("2025-05-02").isoformat())).refused(
        "delegation.overlap", "event", delegation=str(delegation(1))
    )
    assert truth(acting, 3, type(acting.history[2]), until=on("2025-04-30").isoformat()).until == on("2025-04-30")


def test_a_delegation_does_not_come_to_last_beyond_the_day_the_delegate_leaves() -> None:
    acting = given_customer(assigned(LIN), delegated(1, QIAN, "2025-04-01", "2025-05-01"))
    acting.when(correct(acting, 3, until=on("2025-06-02").isoformat())).refused("person.leaves-before", "values.until")
    assert truth(acting, 3, type(acting.history[2]), until=on("2025-06-01").isoformat()).until == on("2025-06-01")


# The company's rules


def test_a_calendar_that_was_given_up_may_come_back() -> None:
    other = CALENDAR.model_copy(update={"holidays": frozenset()})
    first, second = (WorkingCalendarPublished(edition=edition, calendar=calendar) for edition, calendar in
                     ((1, CALENDAR), (2, other)))  # fmt: skip
    given_policy(first, second).when(PublishWorkingCalendar(calendar=CALENDAR)).then(
        WorkingCalendarPublished(edition=3, calendar=CALENDAR)
    )
