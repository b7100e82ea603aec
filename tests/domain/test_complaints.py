"""Complaints from receipt to closing, and the clocks they run under."""

from datetime import date, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from commands.customer.complaints import (
    AcknowledgeComplaint,
    AssignComplaint,
    CloseComplaint,
    EscalateComplaint,
    ProposeSolution,
    ReceiveComplaint,
    ReopenComplaint,
    ResolveComplaint,
    StartWaitingOnCustomer,
    StopWaitingOnCustomer,
)
from events.catalogue import PolicyEvent
from events.customer.complaints import (
    ComplaintAcknowledged,
    ComplaintAssigned,
    ComplaintClosed,
    ComplaintEscalated,
    ComplaintReceived,
    ComplaintReopened,
    ComplaintResolved,
    ServiceLevel,
    SolutionProposed,
    WaitingOnCustomerStarted,
    WaitingOnCustomerStopped,
)
from events.customer.tier import TierAssigned
from events.policy.calendars import WorkingCalendarPublished
from events.policy.service_levels import ServiceLevelsPublished
from events.vocabulary.identifiers import PersonId
from events.vocabulary.policies import Level
from events.vocabulary.values import ClockName, Severity
from events.vocabulary.working_calendar import Shift
from tests.domain.company import CALENDAR, LEVELS, PUBLISHED
from tests.domain.given import Scenario, given_customer
from tests.domain.people import LIN, QIAN, STRANGER, WANG, ZHAO, on
from tests.domain.words import complaint, received

DUE = "2025-03-11 18:00"
SOLVED = "更换主轴轴承"
FIRST = complaint(1)


def receive(at: str = "2025-03-10 09:00", severity: Severity = "high", **given: object) -> ReceiveComplaint:
    return ReceiveComplaint.model_validate(
        {
            "complaint_id": FIRST,
            "received_at": on(at),
            "channel": "phone",
            "severity": severity,
            "content": "设备停机",
            "contact": "孙经理",
        }
        | given
    )


def acknowledge(at: str) -> AcknowledgeComplaint:
    return AcknowledgeComplaint(complaint_id=FIRST, at=on(at))


def acknowledged(at: str) -> ComplaintAcknowledged:
    return ComplaintAcknowledged(complaint_id=FIRST, at=on(at))


def hand_to(person: PersonId, at: str) -> AssignComplaint:
    return AssignComplaint(complaint_id=FIRST, person=person, department="after_sales", at=on(at))


def handed_to(person: PersonId, at: str) -> ComplaintAssigned:
    return ComplaintAssigned(complaint_id=FIRST, person=person, department="after_sales", at=on(at))


def wait(at: str) -> StartWaitingOnCustomer:
    return StartWaitingOnCustomer(complaint_id=FIRST, at=on(at))


def waiting(at: str) -> WaitingOnCustomerStarted:
    return WaitingOnCustomerStarted(complaint_id=FIRST, at=on(at))


def go_on(at: str) -> StopWaitingOnCustomer:
    return StopWaitingOnCustomer(complaint_id=FIRST, at=on(at))


def went_on(at: str, due: str) -> WaitingOnCustomerStopped:
    return WaitingOnCustomerStopped(complaint_id=FIRST, at=on(at), resolution_due_at=on(due))


def propose(at: str, solution: str = SOLVED) -> ProposeSolution:
    return ProposeSolution(complaint_id=FIRST, at=on(at), solution=solution)


def proposed(at: str, solution: str = SOLVED) -> SolutionProposed:
    return SolutionProposed(complaint_id=FIRST, at=on(at), solution=solution)


def resolve(at: str) -> ResolveComplaint:
    return ResolveComplaint(complaint_id=FIRST, at=on(at), solution=SOLVED)


def resolved(at: str, due: str = DUE) -> ComplaintResolved:
    return ComplaintResolved(complaint_id=FIRST, at=on(at), solution=SOLVED, resolution_due_at=on(due))


def close(at: str) -> CloseComplaint:
    return CloseComplaint(complaint_id=FIRST, at=on(at))


def closed(at: str) -> ComplaintClosed:
    return ComplaintClosed(complaint_id=FIRST, at=on(at))


def reopen(at: str) -> ReopenComplaint:
    return ReopenComplaint(complaint_id=FIRST, at=on(at))


def reopened(at: str, due: str) -> ComplaintReopened:
    return ComplaintReopened(complaint_id=FIRST, at=on(at), resolution_due_at=on(due))


def escalate(at: str, clock: ClockName | None = None, to: PersonId | None = None) -> EscalateComplaint:
    return EscalateComplaint(complaint_id=FIRST, at=on(at), clock=clock, to_person=to)


def escalated(at: str, clock: ClockName | None = None, to: PersonId | None = None) -> ComplaintEscalated:
    return ComplaintEscalated(complaint_id=FIRST, at=on(at), clock=clock, to_person=to)


# Receiving


def test_a_complaint_is_due_within_the_service_level_in_working_time() -> None:
    given_customer().when(receive("2025-03-10 09:00")).then(received(1))


def test_the_level_of_the_tier_goes_before_the_one_for_all() -> None:
    vip = TierAssigned(tier="vip", since=on("2025-01-01"))
    given_customer(vip).when(receive("2025-03-10 09:00")).then(
        received(1, first_response_due="2025-03-10 10:00", resolution_due="2025-03-10 18:00").model_copy(
            update={
                "service_level": ServiceLevel(
                    policy_version=1,
                    calendar_version=1,
                    tier="vip",
                    first_response_minutes=60,
                    resolution_minutes=480,
                )
            }
        )
    )


def test_a_tier_without_a_level_of_its_own_has_the_one_for_all() -> None:
    vip = TierAssigned(tier="vip", since=on("2025-01-01"))
    outcome = given_customer(vip).when(receive(severity="medium"))
    assert [one.service_level.resolution_minutes for one in complaints_in(outcome.events)] == [1440]


def test_the_tier_counts_that_is_in_force_at_receipt() -> None:
    vip = TierAssigned(tier="vip", since=on("2025-03-10 09:01"))
    given_customer(vip).when(receive("2025-03-10 09:00")).then(received(1))


def test_of_two_tiers_from_the_same_instant_on_the_later_word_counts() -> None:
    tiers = [TierAssigned(tier=tier, since=on("2025-01-01")) for tier in ("vip", "second")]
    outcome = given_customer(*tiers).when(receive())
    assert [one.service_level.tier for one in complaints_in(outcome.events)] == ["second"]


def complaints_in(events: object) -> list[ComplaintReceived]:
    assert isinstance(events, tuple)
    return [event for event in events if isinstance(event, ComplaintReceived)]


def levels(edition: int, since: str, minutes: int) -> ServiceLevelsPublished:
    level = Level(tier=None, severity="high", first_response_minutes=minutes, resolution_minutes=minutes)
    return ServiceLevelsPublished(edition=edition, since=on(since), levels=(level,))


@pytest.mark.parametrize(
    ("at", "edition"),
    [("2025-03-31 23:59", 1), ("2025-04-01 00:00", 2), ("2025-05-01 00:00", 4)],
)
def test_the_edition_counts_that_is_in_force_at_receipt(at: str, edition: int) -> None:
    rules: list[PolicyEvent] = [
        *PUBLISHED,
        levels(2, "2025-04-01", 60),
        levels(3, "2025-05-01", 60),
        levels(4, "2025-05-01", 30),
    ]
    outcome = given_customer().under(*rules).when(receive(at))
    assert [one.service_level.policy_version for one in complaints_in(outcome.events)] == [edition]


def test_the_newest_calendar_counts() -> None:
    afternoons = CALENDAR.model_copy(update={"shifts": (Shift(start=time(13), end=time(18)),)})
    outcome = (
        given_customer()
        .under(*PUBLISHED, WorkingCalendarPublished(edition=2, calendar=afternoons))
        .when(receive("2025-03-10 09:00"))
    )
    (complaint_received,) = complaints_in(outcome.events)
    assert complaint_received.service_level.calendar_version == 2
    assert complaint_received.first_response_due_at == on("2025-03-10 15:00")


@pytest.mark.parametrize("at", ["2025-12-31 09:30", "2026-03-10 09:00"])
def test_a_due_time_in_a_year_without_known_holidays_is_provisional(at: str) -> None:
    outcome = given_customer().when(receive(at))
    assert [one.provisional for one in complaints_in(outcome.events)] == [True]


@pytest.mark.parametrize("severity", ["low", "critical"])
def test_a_complaint_without_a_service_level_is_refused(severity: Severity) -> None:
    given_customer().when(receive(severity=severity)).refused("complaint.no-service-level", "severity")


def test_a_complaint_from_before_the_first_service_levels_is_refused() -> None:
    given_customer().when(receive("2023-12-31 09:00")).refused("complaint.no-service-level", "severity")


def test_a_complaint_without_a_calendar_is_refused() -> None:
    published = ServiceLevelsPublished(edition=1, since=on("2024-01-01"), levels=LEVELS)
    given_customer().under(published).when(receive()).refused("complaint.no-service-level", "severity")


def test_a_complaint_that_could_not_be_resolved_in_ten_years_is_refused() -> None:
    scant = CALENDAR.model_copy(update={"shifts": (Shift(start=time(9), end=time(9, 0, 1)),)})
    given_customer().under(*PUBLISHED, WorkingCalendarPublished(edition=2, calendar=scant)).when(receive()).refused(
        "complaint.no-due-time", "received_at"
    )


def test_a_complaint_at_the_end_of_all_instants_is_refused() -> None:
    given_customer().when(receive("2200-01-01 07:59")).refused("complaint.no-due-time", "received_at")


@pytest.mark.parametrize("other", [{"content": "漏油"}, {"severity": "medium"}, {"contact": None}, {"channel": "mail"}])
def test_a_complaint_id_is_used_once(other: dict[str, object]) -> None:
    given_customer(received(1)).when(
        receive().model_copy(update=other),
    ).refused("complaint.id-taken", "complaint_id")


def test_a_complaint_is_the_same_under_later_rules() -> None:
    given_customer(received(1)).under(*PUBLISHED, levels(2, "2024-01-01", 5)).when(receive()).nothing()


# The first response


def test_a_complaint_is_acknowledged() -> None:
    given_customer(received(1)).when(acknowledge("2025-03-10 09:30")).then(acknowledged("2025-03-10 09:30"))


def test_a_complaint_is_acknowledged_once() -> None:
    given_customer(received(1), acknowledged("2025-03-10 09:30")).when(acknowledge("2025-03-10 09:31")).refused(
        "complaint.already-acknowledged", "at"
    )


def test_a_complaint_is_not_acknowledged_before_it_was_received() -> None:
    given_customer(received(1)).when(acknowledge("2025-03-10 08:59")).refused("complaint.before-receipt", "at")


def test_a_complaint_may_be_acknowledged_when_it_is_received() -> None:
    given_customer(received(1)).when(acknowledge("2025-03-10 09:00")).then(acknowledged("2025-03-10 09:00"))


def test_what_was_never_received_is_not_acknowledged() -> None:
    given_customer().when(acknowledge("2025-03-10 09:30")).refused("complaint.unknown", "complaint_id")


# Who holds it


def test_somebody_holds_a_complaint() -> None:
    given_customer(received(1)).when(hand_to(WANG, "2025-03-10 09:30")).then(handed_to(WANG, "2025-03-10 09:30"))


def test_a_complaint_goes_from_one_to_the_next() -> None:
    given_customer(received(1), handed_to(WANG, "2025-03-10 09:30")).when(hand_to(LIN, "2025-03-10 10:00")).then(
        handed_to(LIN, "2025-03-10 10:00")
    )


def test_a_complaint_does_not_go_to_the_next_before_it_came() -> None:
    given_customer(received(1), handed_to(WANG, "2025-03-10 09:30")).when(hand_to(LIN, "2025-03-10 09:29")).refused(
        "complaint.out-of-order", "at"
    )


def test_a_stranger_holds_no_complaint() -> None:
    given_customer(received(1)).when(hand_to(STRANGER, "2025-03-10 09:30")).refused("person.unknown", "person")


def test_somebody_who_has_left_holds_no_complaint() -> None:
    given_customer(received(1)).when(hand_to(QIAN, "2025-06-01")).refused("person.inactive", "person")


def test_a_resolved_complaint_goes_to_nobody() -> None:
    given_customer(received(1), resolved("2025-03-10 15:00")).when(hand_to(WANG, "2025-03-10 16:00")).refused(
        "complaint.already-resolved", "complaint_id"
    )


# Waiting on the customer


def test_the_clock_stands_still_while_we_wait() -> None:
    given_customer(received(1)).when(wait("2025-03-10 11:00")).then(waiting("2025-03-10 11:00")).when(
        go_on("2025-03-11 11:00")
    ).then(went_on("2025-03-11 11:00", due="2025-03-12 18:00"))


def test_waiting_outside_working_hours_costs_nothing() -> None:
    given_customer(received(1), waiting("2025-03-10 18:00")).when(go_on("2025-03-11 09:00")).then(
        went_on("2025-03-11 09:00", due=DUE)
    )


def test_waiting_that_began_too_late_does_not_help() -> None:
    given_customer(received(1), waiting("2025-03-12 09:00")).when(go_on("2025-03-13 09:00")).then(
        went_on("2025-03-13 09:00", due=DUE)
    )


def test_at_the_very_instant_it_is_due_and_not_yet_late_so_waiting_leaves_nothing_of_the_clock() -> None:
    given_customer(received(1), waiting(DUE)).when(go_on("2025-03-13 09:00")).then(
        went_on("2025-03-13 09:00", due="2025-03-13 09:00")
    )


def test_the_clock_runs_on_under_the_calendar_of_receipt() -> None:
    day_off = CALENDAR.model_copy(update={"holidays": CALENDAR.holidays | {date(2025, 3, 12)}})
    given_customer(received(1), waiting("2025-03-10 11:00")).under(
        *PUBLISHED, WorkingCalendarPublished(edition=2, calendar=day_off)
    ).when(go_on("2025-03-11 11:00")).then(went_on("2025-03-11 11:00", due="2025-03-12 18:00"))


def test_we_do_not_wait_twice_at_a_time() -> None:
    given_customer(received(1), waiting("2025-03-10 11:00")).when(wait("2025-03-10 12:00")).refused(
        "complaint.already-waiting", "at"
    )


def test_we_do_not_stop_waiting_before_we_began() -> None:
    given_customer(received(1), waiting("2025-03-10 11:00")).when(go_on("2025-03-10 10:59")).refused(
        "complaint.out-of-order", "at"
    )


def test_we_do_not_begin_to_wait_before_we_last_stopped() -> None:
    given_customer(received(1), waiting("2025-03-10 11:00"), went_on("2025-03-11 11:00", due="2025-03-12 18:00")).when(
        wait("2025-03-11 10:59")
    ).refused("complaint.out-of-order", "at")


def test_we_do_not_stop_waiting_without_having_waited() -> None:
    given_customer(received(1)).when(go_on("2025-03-10 11:00")).refused("complaint.not-waiting", "at")


def test_we_do_not_wait_for_what_is_resolved() -> None:
    given_customer(received(1), resolved("2025-03-10 15:00")).when(wait("2025-03-10 16:00")).refused(
        "complaint.already-resolved", "complaint_id"
    )


def test_waiting_that_would_last_for_centuries_is_refused() -> None:
    given_customer(received(1), waiting("2025-03-10 11:00")).when(go_on("2200-01-01 07:59")).refused(
        "complaint.no-due-time", "at"
    )


# Solutions


def test_the_customer_is_offered_one_solution_after_another() -> None:
    given_customer(received(1)).when(propose("2025-03-10 10:00", "远程调参")).then(
        proposed("2025-03-10 10:00", "远程调参")
    ).when(propose("2025-03-10 14:00")).then(proposed("2025-03-10 14:00"))


def test_a_closed_complaint_needs_no_solution() -> None:
    given_customer(received(1), resolved("2025-03-10 15:00"), closed("2025-03-10 16:00")).when(
        propose("2025-03-10 17:00")
    ).refused("complaint.already-closed", "complaint_id")


def test_a_complaint_is_resolved() -> None:
    given_customer(received(1)).when(resolve("2025-03-10 15:00")).then(resolved("2025-03-10 15:00"))


def test_resolving_stops_the_waiting() -> None:
    given_customer(received(1), waiting("2025-03-10 11:00")).when(resolve("2025-03-11 11:00")).then(
        went_on("2025-03-11 11:00", due="2025-03-12 18:00"), resolved("2025-03-11 11:00", due="2025-03-12 18:00")
    )


def test_what_waits_on_the_customer_is_not_resolved_before_the_waiting_began() -> None:
    given_customer(received(1), waiting("2025-03-10 11:00")).when(resolve("2025-03-10 10:59")).refused(
        "complaint.out-of-order", "at"
    )


def test_nothing_is_resolved_before_the_last_step_of_its_clock() -> None:
    given_customer(received(1), waiting("2025-03-10 11:00"), went_on("2025-03-11 11:00", due="2025-03-12 18:00")).when(
        resolve("2025-03-11 10:59")
    ).refused("complaint.out-of-order", "at")


def test_a_complaint_is_resolved_once() -> None:
    given_customer(received(1), resolved("2025-03-10 15:00")).when(resolve("2025-03-10 16:00")).refused(
        "complaint.already-resolved", "complaint_id"
    )


# Closing and reopening


def test_a_resolved_complaint_is_closed() -> None:
    given_customer(received(1), resolved("2025-03-10 15:00")).when(close("2025-03-10 16:00")).then(
        closed("2025-03-10 16:00")
    )


def test_an_open_complaint_is_not_closed() -> None:
    given_customer(received(1)).when(close("2025-03-10 16:00")).refused("complaint.not-resolved", "complaint_id")


def test_a_complaint_is_not_closed_before_it_was_resolved() -> None:
    given_customer(received(1), resolved("2025-03-10 15:00")).when(close("2025-03-10 14:59")).refused(
        "complaint.out-of-order", "at"
    )


def test_a_complaint_is_closed_once() -> None:
    given_customer(received(1), resolved("2025-03-10 15:00"), closed("2025-03-10 16:00")).when(
        close("2025-03-10 17:00")
    ).refused("complaint.already-closed", "complaint_id")


def test_a_reopened_complaint_has_the_time_that_was_left_of_its_clock() -> None:
    given_customer(received(1), resolved("2025-03-11 16:00")).when(reopen("2025-03-17 09:00")).then(
        reopened("2025-03-17 09:00", due="2025-03-17 11:00")
    )


def test_a_complaint_that_was_resolved_too_late_stays_overdue_when_it_is_reopened() -> None:
    given_customer(received(1), resolved("2025-03-12 10:00")).when(reopen("2025-03-17 09:00")).then(
        reopened("2025-03-17 09:00", due=DUE)
    )


def test_a_closed_complaint_is_reopened_and_resolved_again() -> None:
    given_customer(received(1), resolved("2025-03-11 16:00"), closed("2025-03-12 09:00")).when(
        reopen("2025-03-17 09:00")
    ).then(reopened("2025-03-17 09:00", due="2025-03-17 11:00")).when(resolve("2025-03-17 10:00")).then(
        resolved("2025-03-17 10:00", due="2025-03-17 11:00")
    ).when(close("2025-03-17 12:00")).then(closed("2025-03-17 12:00"))


def test_an_open_complaint_is_not_reopened() -> None:
    given_customer(received(1)).when(reopen("2025-03-17 09:00")).refused("complaint.not-resolved", "complaint_id")


def test_a_complaint_is_not_reopened_before_it_was_resolved() -> None:
    given_customer(received(1), resolved("2025-03-11 16:00")).when(reopen("2025-03-11 15:59")).refused(
        "complaint.out-of-order", "at"
    )


def test_a_complaint_is_not_reopened_before_it_was_closed() -> None:
    given_customer(received(1), resolved("2025-03-11 16:00"), closed("2025-03-12 09:00")).when(
        reopen("2025-03-12 08:59")
    ).refused("complaint.out-of-order", "at")


def test_a_complaint_that_came_back_is_not_resolved_before_it_did() -> None:
    given_customer(
        received(1), resolved("2025-03-11 16:00"), reopened("2025-03-17 09:00", due="2025-03-17 11:00")
    ).when(resolve("2025-03-11 16:00")).refused("complaint.out-of-order", "at")


# Escalating


def test_a_person_brings_a_complaint_to_somebody_higher() -> None:
    given_customer(received(1)).when(escalate("2025-03-10 09:05", to=ZHAO)).then(escalated("2025-03-10 09:05", to=ZHAO))


def test_a_person_may_escalate_again() -> None:
    given_customer(received(1), escalated("2025-03-10 09:05", to=ZHAO)).when(
        escalate("2025-03-10 10:05", to=ZHAO)
    ).then(escalated("2025-03-10 10:05", to=ZHAO))


def test_a_complaint_is_not_escalated_to_a_stranger() -> None:
    given_customer(received(1)).when(escalate("2025-03-10 09:05", to=STRANGER)).refused("person.unknown", "to_person")


def test_a_closed_complaint_is_not_escalated() -> None:
    given_customer(received(1), resolved("2025-03-10 15:00"), closed("2025-03-10 16:00")).when(
        escalate("2025-03-10 17:00")
    ).refused("complaint.already-closed", "complaint_id")


LATER = on("2025-03-14 09:00")


@pytest.mark.parametrize(("clock", "due"), [("first_response", "2025-03-10 11:00"), ("resolution", DUE)])
def test_a_clock_that_ran_out_escalates_once(clock: ClockName, due: str) -> None:
    given_customer(received(1)).at(on(due)).when(escalate(due, clock)).then(escalated(due, clock)).at(LATER).when(
        escalate("2025-03-14 08:00", clock)
    ).nothing()


@pytest.mark.parametrize(("clock", "at"), [("first_response", "2025-03-10 10:59"), ("resolution", "2025-03-11 17:59")])
def test_a_clock_that_runs_does_not_escalate(clock: ClockName, at: str) -> None:
    given_customer(received(1)).at(LATER).when(escalate(at, clock)).refused("complaint.clock-still-running", "clock")


@pytest.mark.parametrize(("clock", "due"), [("first_response", "2025-03-10 11:00"), ("resolution", DUE)])
def test_a_clock_does_not_run_out_in_the_future(clock: ClockName, due: str) -> None:
    given_customer(received(1)).at(on(due) - timedelta(seconds=1)).when(escalate(due, clock)).refused(
        "complaint.clock-still-running", "clock"
    )


def not_escalated(scenario: Scenario, clock: ClockName, at: str) -> None:
    scenario.at(LATER).when(escalate(at, clock)).refused("complaint.clock-still-running", "clock")


def test_the_clock_of_the_first_response_ends_with_it() -> None:
    not_escalated(given_customer(received(1), acknowledged("2025-03-10 10:00")), "first_response", "2025-03-10 11:00")


def test_a_solution_is_a_first_response_too_though_the_customer_comes_back() -> None:
    solved = given_customer(
        received(1), resolved("2025-03-10 10:00"), reopened("2025-03-12 09:00", due="2025-03-13 17:00")
    )
    not_escalated(solved, "first_response", "2025-03-10 11:00")


def test_the_clock_of_the_resolution_ends_with_it() -> None:
    not_escalated(given_customer(received(1), resolved("2025-03-10 15:00")), "resolution", DUE)


def test_a_clock_that_stands_still_does_not_run_out() -> None:
    not_escalated(given_customer(received(1), waiting("2025-03-11 17:59")), "resolution", DUE)


def test_a_clock_that_ran_out_before_we_waited_has_run_out() -> None:
    given_customer(received(1), waiting("2025-03-11 18:01")).at(LATER).when(escalate(DUE, "resolution")).then(
        escalated(DUE, "resolution")
    )


def test_a_clock_that_we_stopped_when_it_was_due_has_not() -> None:
    not_escalated(given_customer(received(1), waiting(DUE)), "resolution", DUE)


def test_a_clock_that_goes_on_runs_out_later() -> None:
    waited = given_customer(
        received(1), waiting("2025-03-10 11:00"), went_on("2025-03-11 11:00", due="2025-03-12 18:00")
    )
    not_escalated(waited, "resolution", DUE)
    waited.at(LATER).when(escalate("2025-03-12 18:00", "resolution")).then(escalated("2025-03-12 18:00", "resolution"))


# The law of the resolution clock

PAUSES = st.lists(st.tuples(st.booleans(), st.integers(0, 400), st.integers(0, 4000)), max_size=6)


@settings(deadline=None)
@given(PAUSES)
def test_however_often_it_pauses_the_clock_gives_its_working_time_in_full(pauses: list[tuple[bool, int, int]]) -> None:
    scenario = given_customer(received(1))
    now, due, lost = on("2025-03-10 09:00"), on(DUE), timedelta()
    for by_resolving, run, pause in pauses:
        stop = now + timedelta(minutes=run)
        now = stop + timedelta(minutes=pause)
        first, second = (
            (resolve("2025-03-10"), reopen("2025-03-10")) if by_resolving else (wait("2025-03-10"), go_on("2025-03-10"))
        )
        stopped = scenario.when(first.model_copy(update={"at": stop}))
        scenario = stopped.then(*stopped.events)
        gone_on = scenario.when(second.model_copy(update={"at": now}))
        scenario = gone_on.then(*gone_on.events)
        if stop < due:
            lost += CALENDAR.between(stop, now)
        (moved,) = gone_on.events
        assert isinstance(moved, WaitingOnCustomerStopped | ComplaintReopened)
        due = moved.resolution_due_at
        assert CALENDAR.between(on("2025-03-10 09:00"), due) - lost == timedelta(minutes=960)


def test_an_answer_that_came_late_does_not_hide_that_the_clock_ran_out() -> None:
    given_customer(received(1), acknowledged("2025-03-12 10:00")).at(LATER).when(
        escalate("2025-03-11 09:00", "first_response")
    ).then(escalated("2025-03-11 09:00", "first_response"))
    given_customer(received(1), resolved("2025-03-13 15:00")).at(LATER).when(escalate(DUE, "resolution")).then(
        escalated(DUE, "resolution")
    )
