"""Who may act in a role: whoever holds it at that instant, and whoever acts for them."""

import pytest

from aggregates.customer.state import Customer
from aggregates.project.state import Project
from aggregates.refusal import Refused
from aggregates.responsibility.acting import require_role
from commands.responsibility import CorrectResponsibility, RevokeDelegation, WithdrawResponsibility
from events.base import Event
from events.vocabulary.identifiers import PersonId
from events.vocabulary.values import Code
from tests.domain.given import Scenario, given_customer, given_project
from tests.domain.people import CHEN, LIN, WANG, ZHAO, ZHOU, on
from tests.domain.words import about, assigned, assignment, commitment, delegated, delegation, ended, made

LEAD = "account_manager"
IN_MARCH = "2025-03-10"
MAY, JUNE = "2025-05-01", "2025-06-01"


def managed(*history: Event) -> Scenario:
    """林静 is the account manager since the new year."""
    return given_customer(assigned(LIN), *history)


def acting(scenario: Scenario, at: str = IN_MARCH, role: Code = LEAD, field: str | None = None) -> None:
    """Whoever gives the command acts in a role."""
    state = scenario.state()
    assert isinstance(state, Customer | Project)
    require_role(role, on(at), state, scenario.circumstances, field)


def in_force(scenario: Scenario, at: str = IN_MARCH, role: Code = LEAD) -> bool:
    """Whether whoever gives the command may act in a role."""
    try:
        acting(scenario, at, role)
    except Refused:
        return False
    return True


def may(scenario: Scenario, person: PersonId, at: str = IN_MARCH, role: Code = LEAD) -> bool:
    """Whether somebody may."""
    return in_force(scenario.by(person), at, role)


def test_the_holder_may() -> None:
    assert may(managed(), LIN)
    assert not may(managed(), WANG)
    assert not may(given_customer(), LIN)


def test_the_holder_of_another_role_may_not() -> None:
    assert not may(managed(assigned(WANG, no=2, role="team_lead")), WANG)
    assert may(managed(assigned(WANG, no=2, role="team_lead")), WANG, role="team_lead")


def test_whoever_answers_for_one_item_may_not_act_for_the_customer() -> None:
    item = assigned(WANG, no=2, subject=about("commitment", commitment(1)))
    assert not may(managed(made(1), item), WANG)


def test_of_two_who_follow_each_may_in_their_own_time() -> None:
    handed = managed(ended(1, MAY), assigned(WANG, MAY, no=2))
    assert may(handed, LIN, "2025-04-30 23:59")
    assert not may(handed, WANG, "2025-04-30 23:59")
    assert not may(handed, LIN, MAY)
    assert may(handed, WANG, MAY)
    assert not may(handed, LIN, "2024-12-31")


def test_whoever_acts_for_the_holder_may_as_long_as_they_do_and_the_holder_too() -> None:
    away = managed(delegated(1, WANG, MAY, JUNE))
    assert not may(away, WANG, "2025-04-30")
    assert may(away, WANG, MAY)
    assert may(away, LIN, MAY)
    assert not may(away, WANG, JUNE)


def test_whoever_was_to_act_and_was_called_back_may_not() -> None:
    away = managed(delegated(1, WANG, MAY, JUNE))
    back = away.when(RevokeDelegation(delegation_id=delegation(1), until=on("2025-05-10")))
    called = back.then(*back.events)
    assert may(called, WANG, "2025-05-09")
    assert not may(called, WANG, "2025-05-10")


def test_whoever_acts_for_somebody_who_is_no_longer_the_holder_may_not() -> None:
    assert not may(managed(delegated(1, WANG, MAY, JUNE), ended(1, "2025-05-10")), WANG, "2025-05-20")


def test_an_assignment_that_was_withdrawn_lets_nobody_act() -> None:
    away = managed(delegated(1, WANG, "2025-03-01", JUNE))
    withdrawn = away.when(WithdrawResponsibility(assignment_id=assignment(1), reason="录错客户"))
    after = withdrawn.then(*withdrawn.events)
    assert not may(after, LIN)
    assert not may(after, WANG)


def test_an_assignment_that_was_corrected_lets_act_whoever_truly_held_it() -> None:
    corrected = managed().when(CorrectResponsibility(assignment_id=assignment(1), person=ZHOU, reason="录错人员"))
    after = corrected.then(*corrected.events)
    assert may(after, ZHOU)
    assert not may(after, LIN)


def test_each_of_two_holders_may() -> None:
    experts = given_customer(
        assigned(LIN, role="technical_support"),
        assigned(WANG, no=2, role="technical_support"),
        delegated(1, CHEN, "2025-03-01", JUNE, of=2),
    )
    assert [may(experts, one, role="technical_support") for one in (LIN, WANG, CHEN, ZHAO)] == [True, True, True, False]


def test_a_process_may_not() -> None:
    assert not in_force(managed().by(None))


def test_for_whom_somebody_gives_the_command_counts() -> None:
    assert in_force(managed().by(None, on_behalf_of=LIN))
    assert in_force(managed().by(WANG, on_behalf_of=LIN))
    assert not in_force(managed().by(LIN, on_behalf_of=WANG))


def test_what_comes_from_a_file_brings_its_provenance() -> None:
    assert in_force(managed().by(None).imported())


def test_a_project_is_acted_for_alike() -> None:
    project = given_project(assigned(LIN, role="project_manager"))
    assert may(project, LIN, role="project_manager")
    assert not may(project, WANG, role="project_manager")


def refused(code: str, field: str | None) -> None:
    """王磊, who holds nothing, is refused."""
    with pytest.raises(Refused) as refusal:
        acting(managed().by(WANG), field=field)
    assert (refusal.value.code, refusal.value.field, refusal.value.details) == (code, field, {"role": LEAD})


def test_a_refusal_says_which_role_it_takes() -> None:
    refused("role.not-in-force", "at")
    refused("role.not-in-force", None)
