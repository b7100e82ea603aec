"""Who acts for a holder: granting and revoking delegations."""

from commands.responsibility import Delegate, RevokeDelegation
from events.responsibility import DelegationRevoked, ResponsibilityWithdrawn
from events.vocabulary.identifiers import PersonId
from tests.domain.given import given_customer
from tests.domain.people import LIN, NOW, QIAN, STRANGER, WANG, ZHOU, on
from tests.domain.words import assigned, assignment, delegated, delegation, ended


def delegate(no: int, to: PersonId, since: str, until: str, *, of: int = 1) -> Delegate:
    return Delegate(
        delegation_id=delegation(no), assignment_id=assignment(of), to_person=to, since=on(since), until=on(until)
    )


def revoke(
    no: int, until: str | None = None, *, seen_from: str | None = None, reason: str | None = None
) -> RevokeDelegation:
    return RevokeDelegation(
        delegation_id=delegation(no),
        until=None if until is None else on(until),
        occurred_at=None if seen_from is None else on(seen_from),
        reason=reason,
    )


def revoked(no: int, until: str, *, of: int = 1) -> DelegationRevoked:
    return DelegationRevoked(delegation_id=delegation(no), assignment_id=assignment(of), until=on(until))


# Granting


def test_somebody_acts_for_the_holder() -> None:
    given_customer(assigned(LIN)).when(delegate(1, WANG, "2025-04-01", "2025-05-01")).then(
        delegated(1, WANG, "2025-04-01", "2025-05-01")
    )


def test_a_delegation_may_last_as_long_as_the_assignment() -> None:
    given_customer(assigned(LIN, "2025-01-01", "2025-12-31")).when(delegate(1, WANG, "2025-01-01", "2025-12-31")).then(
        delegated(1, WANG, "2025-01-01", "2025-12-31")
    )


def test_a_delegation_does_not_start_before_the_assignment() -> None:
    given_customer(assigned(LIN, "2025-01-01")).when(delegate(1, WANG, "2024-12-31", "2025-05-01")).refused(
        "delegation.outside-assignment", "since"
    )


def test_a_delegation_does_not_outlast_the_assignment() -> None:
    given_customer(assigned(LIN, "2025-01-01", "2025-12-31")).when(
        delegate(1, WANG, "2025-04-01", "2026-01-01")
    ).refused("delegation.outside-assignment", "until")


def test_one_person_at_a_time_acts_for_a_holder() -> None:
    given_customer(assigned(LIN), delegated(1, WANG, "2025-04-01", "2025-05-01")).when(
        delegate(2, ZHOU, "2025-04-30", "2025-06-01")
    ).refused("delegation.overlap", "since", delegation=str(delegation(1)))


def test_delegations_may_follow_one_another() -> None:
    given_customer(assigned(LIN), delegated(1, WANG, "2025-04-01", "2025-05-01")).when(
        delegate(2, ZHOU, "2025-05-01", "2025-06-01")
    ).then(delegated(2, ZHOU, "2025-05-01", "2025-06-01"))


def test_another_assignment_has_delegations_of_its_own() -> None:
    given_customer(
        assigned(LIN),
        assigned(ZHOU, no=2, role="team_lead"),
        delegated(1, WANG, "2025-04-01", "2025-05-01"),
    ).when(delegate(2, WANG, "2025-04-01", "2025-05-01", of=2)).then(
        delegated(2, WANG, "2025-04-01", "2025-05-01", of=2)
    )


def test_a_revoked_delegation_leaves_room() -> None:
    given_customer(assigned(LIN), delegated(1, WANG, "2025-04-01", "2025-05-01"), revoked(1, "2025-04-10")).when(
        delegate(2, ZHOU, "2025-04-10", "2025-05-01")
    ).then(delegated(2, ZHOU, "2025-04-10", "2025-05-01"))


def test_a_delegation_that_never_took_effect_leaves_all_the_room() -> None:
    given_customer(assigned(LIN), delegated(1, WANG, "2025-04-10", "2025-05-01"), revoked(1, "2025-04-10")).when(
        delegate(2, ZHOU, "2025-04-01", "2025-05-01")
    ).then(delegated(2, ZHOU, "2025-04-01", "2025-05-01"))


def test_nobody_acts_for_themselves() -> None:
    given_customer(assigned(LIN)).when(delegate(1, LIN, "2025-04-01", "2025-05-01")).refused(
        "delegation.to-oneself", "to_person"
    )


def test_a_stranger_does_not_act() -> None:
    given_customer(assigned(LIN)).when(delegate(1, STRANGER, "2025-04-01", "2025-05-01")).refused(
        "person.unknown", "to_person"
    )


def test_somebody_who_has_left_does_not_act() -> None:
    given_customer(assigned(LIN)).when(delegate(1, QIAN, "2025-06-01", "2025-07-01")).refused(
        "person.inactive", "to_person"
    )


def test_an_empty_delegation_is_refused() -> None:
    given_customer(assigned(LIN)).when(delegate(1, WANG, "2025-04-01", "2025-04-01")).refused("interval.empty", "until")


def test_an_inverted_delegation_is_refused() -> None:
    given_customer(assigned(LIN)).when(delegate(1, WANG, "2025-04-01", "2025-03-31")).refused(
        "interval.inverted", "until"
    )


def test_a_delegation_id_is_used_once() -> None:
    given_customer(assigned(LIN), delegated(1, WANG, "2025-04-01", "2025-05-01")).when(
        delegate(1, ZHOU, "2025-06-01", "2025-07-01")
    ).refused("delegation.id-taken", "delegation_id")


def test_nobody_acts_for_the_holder_of_nothing() -> None:
    given_customer().when(delegate(1, WANG, "2025-04-01", "2025-05-01")).refused(
        "responsibility.unknown", "assignment_id"
    )


def test_nobody_acts_for_the_holder_of_what_was_withdrawn() -> None:
    customer = given_customer(assigned(LIN))
    withdrawal = ResponsibilityWithdrawn(assignment_id=assignment(1), corrects=customer.event(2))
    given_customer(assigned(LIN), withdrawal).when(delegate(1, WANG, "2025-04-01", "2025-05-01")).refused(
        "responsibility.withdrawn", "assignment_id"
    )


def test_a_delegation_does_not_outlast_an_assignment_that_ended() -> None:
    given_customer(assigned(LIN), ended(1, "2025-04-15")).when(delegate(1, WANG, "2025-04-01", "2025-05-01")).refused(
        "delegation.outside-assignment", "until"
    )


# Revoking


def test_a_delegation_is_revoked_at_once() -> None:
    given_customer(assigned(LIN), delegated(1, WANG, "2025-03-01", "2025-04-01")).at(NOW).when(revoke(1)).then(
        revoked(1, "2025-03-10 09:00")
    )


def test_a_delegation_is_revoked_from_a_later_day_on() -> None:
    given_customer(assigned(LIN), delegated(1, WANG, "2025-03-01", "2025-04-01")).when(revoke(1, "2025-03-20")).then(
        revoked(1, "2025-03-20")
    )


def test_a_delegation_that_has_not_begun_never_takes_effect() -> None:
    given_customer(assigned(LIN), delegated(1, WANG, "2025-04-01", "2025-05-01")).when(revoke(1)).then(
        revoked(1, "2025-04-01")
    )


def test_a_delegation_that_is_over_is_not_revoked() -> None:
    given_customer(assigned(LIN), delegated(1, WANG, "2025-02-01", "2025-03-01")).when(revoke(1)).nothing()


def test_a_delegation_is_not_revoked_in_the_past() -> None:
    given_customer(assigned(LIN), delegated(1, WANG, "2025-03-01", "2025-04-01")).at(NOW).when(
        revoke(1, "2025-03-10 08:54")
    ).refused("delegation.ends-in-past", "until")


def test_whether_a_revocation_is_past_is_seen_from_when_it_was_decided() -> None:
    given_customer(assigned(LIN), delegated(1, WANG, "2025-02-01", "2025-03-01")).when(
        revoke(1, seen_from="2025-02-10", reason="提前返岗，补录")
    ).then(revoked(1, "2025-02-10"))
    given_customer(assigned(LIN), delegated(1, WANG, "2025-02-01", "2025-03-01")).when(
        revoke(1, seen_from="2025-02-10")
    ).refused("reason.required", "until")


def test_what_was_never_granted_is_not_revoked() -> None:
    given_customer(assigned(LIN)).when(revoke(1)).refused("delegation.unknown", "delegation_id")
