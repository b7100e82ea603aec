"""Laws that hold for every message and every history."""

import json
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aggregates import decider
from aggregates.customer.state import Customer
from aggregates.histories import held_kind, life_of
from aggregates.intervals import covers, overlap
from aggregates.project.state import Project
from aggregates.responsibility.state import Responsibilities
from commands.base import Command
from commands.catalogue import CATALOGUE as COMMANDS
from events.base import Event
from events.catalogue import CATALOGUE as EVENTS
from events.lives import is_open
from events.vocabulary import identifiers as ids
from tests.domain.histories import ASSIGNING, LAW, MOMENTS, ORDERS, START, decided, live_through
from tests.making import instances

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
    assert set(state.open_items) == {
        place
        for place, history in state.histories.items()
        if (kind := held_kind(place)) and (life := life_of(history.told, kind)) and is_open(kind, life[-1])
    }


@given(data=st.data())
@LAW
def test_what_is_due_is_accepted_and_then_nothing_is_due_any_more(data: st.DataObject) -> None:
    scenario = live_through(START["customer"][0], data.draw(ORDERS["customer"]))
    now = data.draw(st.sampled_from(MOMENTS))
    for one in decider.due(scenario.state(), now):
        outcome = scenario.at(now).when(one.command)
        assert outcome.events, f"{one} leads to nothing: {outcome.refusal}"
        scenario = outcome.then(*outcome.events)
    assert [one for one in decider.due(scenario.state(), now) if one.at <= now] == []


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
        first, second = (decided(command, state, scenario.world(command)) for _ in range(2))
        assert first == second
    assert state == scenario.state()
