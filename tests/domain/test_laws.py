"""Laws that hold for every message and every history."""

import json
from datetime import datetime, timedelta
from itertools import combinations
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from aggregates import decider
from aggregates.circumstances import Circumstances
from aggregates.customer.state import Customer
from aggregates.intervals import covers, overlap
from aggregates.project.state import Project
from aggregates.refusal import Refused
from aggregates.responsibility.handovers import successor
from aggregates.responsibility.state import Responsibilities
from commands.base import Command
from commands.catalogue import CATALOGUE as COMMANDS
from commands.catalogue import ResponsibilityCommand
from events.base import Event
from events.catalogue import CATALOGUE as EVENTS
from events.customer.complaints import ComplaintAssigned
from events.responsibility import HandoverProposed
from events.vocabulary import identifiers as ids
from events.vocabulary.values import Code, Instant, Label, Prose, Severity
from tests.domain.company import PUBLISHED
from tests.domain.given import (
    Scenario,
    given_customer,
    given_customer_before_registration,
    given_person,
    given_policy,
    given_project,
    given_project_before_proposal,
    registered,
)
from tests.domain.people import BINHAI, HUADONG, LIN, NO_CUSTOMER, NOW, QIAN, STRANGER, WANG, ZHOU, number
from tests.domain.strategies import ANY, Pools, instances
from tests.domain.words import (
    about,
    assigned,
    assignment,
    commitment,
    complaint,
    delegated,
    delegation,
    made,
    received,
)

# What is written is read


@pytest.mark.parametrize("event", EVENTS.values(), ids=list(EVENTS))
@given(data=st.data())
@settings(deadline=None, max_examples=15)
def test_what_is_written_is_read(event: type[Event], data: st.DataObject) -> None:
    instance = data.draw(instances(event))
    written = instance.model_dump_json()
    assert event.model_validate_json(written) == instance
    assert event.model_validate(json.loads(written)) == instance
    assert event.model_validate_json(written).model_dump_json() == written


COMMAND_TYPES = {f"{kind}/{path}": command for kind, paths in COMMANDS.items() for path, command in paths.items()}


@pytest.mark.parametrize("command", COMMAND_TYPES.values(), ids=list(COMMAND_TYPES))
@given(data=st.data())
@settings(deadline=None, max_examples=10)
def test_what_is_asked_is_understood(command: type[Command], data: st.DataObject) -> None:
    instance = data.draw(instances(command))
    asked = command.model_validate_json(instance.model_dump_json(exclude_unset=True))
    assert asked == instance
    assert asked.model_fields_set == instance.model_fields_set


# Histories


def _few(*values: Any) -> st.SearchStrategy[Any]:
    return st.sampled_from(values)


HANDOVERS = tuple(ids.HandoverId(number(5000 + value)) for value in (1, 2))
ASSIGNMENTS = tuple(assignment(value) for value in range(1, 5))
SUCCESSORS = tuple(successor(handover, one) for handover in HANDOVERS for one in ASSIGNMENTS[:2])
MOMENTS = tuple(NOW + timedelta(hours=hours) for hours in (-72, -48, -24, -3, -1, 0, 1, 4, 24, 48, 72))

SMALL: Pools = (
    (Instant, _few(*MOMENTS)),
    (ids.PersonId, _few(LIN, LIN, WANG, WANG, ZHOU, ZHOU, QIAN, STRANGER)),
    (ids.CustomerId, _few(HUADONG, BINHAI, NO_CUSTOMER)),
    (ids.AssignmentId, _few(*ASSIGNMENTS, *ASSIGNMENTS, *SUCCESSORS)),
    (ids.DelegationId, _few(delegation(1), delegation(2))),
    (ids.HandoverId, _few(*HANDOVERS)),
    (ids.CommitmentId, _few(commitment(1), commitment(2))),
    (ids.ComplaintId, _few(complaint(1), complaint(2))),
    (ids.VisitId, _few(ids.VisitId(number(7001)), ids.VisitId(number(7002)))),
    (ids.InteractionId, _few(ids.InteractionId(number(6001)))),
    (ids.SurveyAnswerId, _few(ids.SurveyAnswerId(number(8101)))),
    (ids.Subject, _few(ids.SELF, ids.SELF, about("commitment", commitment(1)), about("complaint", complaint(1)))),
    (Code, _few("account_manager", "account_manager", "technical_support", "chief_cook")),
    (Severity, _few("high", "high", "medium", "low")),
    (Label, _few("华东机械", "孙经理")),
    (Prose, _few("样机", "方案")),
    *ANY,
)
"""Few values of each kind, so that the commands of a history speak of the same things."""


def orders(*commands: type[Command]) -> st.SearchStrategy[list[tuple[Command, datetime]]]:
    """Commands with the times at which they are given."""
    given_at = st.tuples(st.one_of([instances(command, SMALL) for command in commands]), _few(*MOMENTS))
    return st.lists(given_at, min_size=8, max_size=40)


def live_through(scenario: Scenario, given_orders: list[tuple[Command, datetime]]) -> Scenario:
    """The scenario after all commands: what is accepted is recorded once, nothing but a refusal is raised."""
    for command, now in given_orders:
        outcome = scenario.at(now).when(command)
        if outcome.refusal is None:
            scenario = outcome.then(*outcome.events)
    return scenario


UNDER_WAY = (
    assigned(LIN),
    assigned(WANG, no=2, role="technical_support"),
    made(1),
    assigned(LIN, no=3, role="technical_support", subject=about("commitment", commitment(1))),
    received(1),
    ComplaintAssigned(complaint_id=complaint(1), person=LIN, department=None, at=NOW),
    delegated(1, ZHOU, "2025-03-10", "2025-03-12"),
    HandoverProposed(
        handover_id=HANDOVERS[0],
        assignment_id=assignment(1),
        from_person=LIN,
        to_person=WANG,
        effective_at=NOW + timedelta(hours=24),
        inventory=(),
    ),
)
START: dict[ids.StreamKind, tuple[Scenario, ...]] = {
    "customer": (given_customer(*UNDER_WAY), given_customer(), given_customer_before_registration()),
    "project": (
        given_project(*UNDER_WAY[:2], *UNDER_WAY[-2:]),
        given_project(),
        given_project_before_proposal(),
    ),
    "person": (given_person(LIN, registered(LIN)), given_person(LIN)),
    "policy": (given_policy(), given_policy(*PUBLISHED)),
}
ORDERS = {kind: orders(*by_path.values()) for kind, by_path in COMMANDS.items()}
ABOUT_RESPONSIBILITY = [
    command for command in COMMANDS["project"].values() if issubclass(command, ResponsibilityCommand)
]
ABOUT_ITEMS = [COMMANDS["customer"][path] for path in ("make-commitment", "receive-complaint", "assign-complaint")]
ASSIGNING: dict[ids.StreamKind, st.SearchStrategy[list[tuple[Command, datetime]]]] = {
    "customer": orders(*ABOUT_RESPONSIBILITY, *ABOUT_ITEMS),
    "project": orders(*ABOUT_RESPONSIBILITY),
}
LAW = settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])


@pytest.mark.parametrize("kind", START)
@given(data=st.data())
@LAW
def test_a_rule_refuses_or_records_once_and_nothing_else(kind: ids.StreamKind, data: st.DataObject) -> None:
    start = data.draw(st.sampled_from(START[kind]))
    after = live_through(start, data.draw(ORDERS[kind]))
    cut = data.draw(st.integers(0, len(after.history)))
    in_steps = decider.fold(decider.fold(decider.initial(after.stream), after.history[:cut]), after.history[cut:])
    read_back = [type(event).model_validate_json(event.model_dump_json()) for event in after.history]
    assert in_steps == after.state() == decider.fold(decider.initial(after.stream), read_back)
    assert in_steps.version == len(after.history)


@given(data=st.data())
@LAW
def test_what_is_looked_up_is_what_looking_at_everything_finds(data: st.DataObject) -> None:
    state = live_through(START["customer"][0], data.draw(ORDERS["customer"])).state()
    assert isinstance(state, Customer)
    answers = state.responsibilities
    standing = [one for one in answers.assignments.values() if not one.withdrawn]
    for subject, role in {(one.original.subject, one.original.role) for one in answers.assignments.values()}:
        of_subject = [one for one in standing if one.original.subject == subject]
        of_role = [one for one in of_subject if one.original.role == role]
        assert answers.of_role(subject, role) == of_role
        for at in MOMENTS:
            assert answers.holding(subject, at) == [one for one in of_subject if covers(one.since, one.until, at)]
            assert answers.sharing(subject, role, at, None) == [
                one for one in of_role if overlap(at, None, one.since, one.until)
            ]
    for one in standing:
        assert list(answers.delegations_of(one)) == [
            delegation for delegation in answers.delegations.values() if delegation.original.assignment_id == one.id
        ]
    assert set(state.open_commitments) == {key for key, one in state.commitments.items() if one.status == "open"}
    assert set(state.open_complaints) == {key for key, one in state.complaints.items() if one.status == "open"}


def holders_are_apart(responsibilities: Responsibilities) -> None:
    """Exclusive roles have one holder at a time, and nobody holds a role twice."""
    standing = [one for one in responsibilities.assignments.values() if not one.withdrawn]
    for one, other in combinations(standing, 2):
        same_role = (one.original.subject, one.original.role) == (other.original.subject, other.original.role)
        if same_role and overlap(one.since, one.until, other.since, other.until):
            assert not one.original.exclusive
            assert not other.original.exclusive
            assert (one.person, one.original.involvement) != (other.person, other.original.involvement)
    assert all(one.until is None or one.since < one.until for one in standing)


def delegates_are_apart(responsibilities: Responsibilities) -> None:
    """One person at a time acts for a holder."""
    for one, other in combinations(responsibilities.delegations.values(), 2):
        if one.original.assignment_id == other.original.assignment_id:
            assert not overlap(one.original.since, one.until, other.original.since, other.until)


@pytest.mark.parametrize("kind", ["customer", "project"])
@given(data=st.data())
@LAW
def test_however_it_came_exclusive_roles_have_one_holder_at_a_time(kind: ids.StreamKind, data: st.DataObject) -> None:
    given_orders = data.draw(ASSIGNING[kind])
    state = live_through(data.draw(st.sampled_from(START[kind])), given_orders).state()
    assert isinstance(state, Customer | Project)
    holders_are_apart(state.responsibilities)
    delegates_are_apart(state.responsibilities)


@given(data=st.data())
@settings(deadline=None, max_examples=15)
def test_a_decision_changes_nothing_and_is_the_same_again(data: st.DataObject) -> None:
    scenario = live_through(START["customer"][0], data.draw(ORDERS["customer"]))
    state = scenario.state()
    for command, _ in data.draw(ORDERS["customer"]):
        first, second = (decided(command, state, scenario.circumstances) for _ in range(2))
        assert first == second
    assert state == scenario.state()


def decided(command: Command, state: decider.State, circumstances: Circumstances) -> object:
    """The events, or the code of the refusal."""
    try:
        return decider.decide(command, state, circumstances)
    except Refused as refusal:
        return refusal.code
