"""Whatever kind of fact was recorded wrongly, it is put right by the same rules, and refused for the same reasons."""

from datetime import date, datetime, timedelta

import pytest

from commands.base import Command
from commands.facts import CorrectFact, WithdrawFact
from events.catalogue import CATALOGUE
from events.vocabulary.identifiers import CustomerId, EventId, event_id, stream_id
from tests.domain.given import Scenario
from tests.domain.people import number
from tests.sample.everything import KINDS, REASON, correct, it, last_of, said_otherwise

CORRECTIONS = {
    *("fact.corrected", "fact.withdrawn", "customer.commitment-corrected"),
    *("responsibility.corrected", "responsibility.withdrawn"),
}
HANDOVERS = {f"responsibility.handover-{turn}" for turn in ("proposed", "accepted", "declined", "cancelled", "lapsed")}
OPENING = {"customer.registered", "project.proposed", "person.registered"}
NOTED = {"customer.commitment-fell-due", "customer.obligation-fell-due", "customer.complaint-escalated"}
"""What a process notes follows from the rest: it may have been noted in vain, but not otherwise."""
FACTS = [kind for kind in KINDS if kind not in CORRECTIONS | HANDOVERS]
CORRECTABLE = [kind for kind in FACTS if kind not in NOTED]
WITHDRAWABLE = [kind for kind in FACTS if kind not in OPENING]
DATED = [kind for kind in CORRECTABLE if CATALOGUE[kind].occurs and not CATALOGUE[kind].planned]
TOO_EARLY = {
    "customer.commitment-fulfilled": "commitment.fulfilled-before-made",
    "customer.commitment-rescheduled": "commitment.rescheduled-before-made",
    "customer.commitment-waived": "interval.inverted",
    **{
        f"customer.complaint-{step}": "complaint.before-receipt"
        for step in ("acknowledged", "assigned", "closed", "reopened", "resolved", "solution-proposed")
    },
    **{f"customer.complaint-waiting-{turn}": "complaint.before-receipt" for turn in ("started", "stopped")},
    **{f"customer.contract-{turn}": "contract.before-signing" for turn in ("amended", "renewed", "ended")},
    **{
        f"customer.obligation-{step}": "obligation.before-last-step"
        for step in ("breached", "breach-cured", "performed", "waiting-started", "waiting-stopped")
    },
    **{
        f"project.{step}": "acceptance.before-last-step"
        for step in ("acceptance-requested", "acceptance-recorded", "rectification-ordered", "rectification-submitted")
    },
}
"""The kinds of facts that follow on another, and how they are refused where they would come before it."""

BEGINNING = "1991-01-01T00:00:00Z"
OTHER = stream_id("customer", CustomerId(number(9901)))


def withdraw(event: EventId) -> WithdrawFact:
    return WithdrawFact(event=event, reason=REASON)


def both(event: EventId) -> tuple[Command, Command]:
    """The two commands, about one event."""
    return correct(event), withdraw(event)


def after_correction(told: Scenario) -> tuple[Scenario, CorrectFact]:
    """What comes of the first correction that the rules allow, and that correction."""
    for values in said_otherwise(told.history[-1]):
        command = correct(it(told), **values)
        outcome = told.when(command)
        if outcome.events:
            return outcome.then(*outcome.events), command
    raise AssertionError("it cannot be corrected")


@pytest.mark.parametrize("kind", CORRECTABLE)
def test_it_is_corrected_once_and_again_otherwise(kind: str) -> None:
    told = last_of(kind)
    after, command = after_correction(told)
    (name,) = command.values
    as_before = after.when(correct(it(told), **{name: told.history[-1].model_dump(mode="json")[name]}))
    again = as_before.then(*as_before.events).when(command)
    again.then(*again.events)
    assert len(again.events) == len(as_before.events) == len(after.history) - len(told.history) > 0


@pytest.mark.parametrize("kind", WITHDRAWABLE)
def test_it_is_withdrawn_once_and_not_corrected_any_more(kind: str) -> None:
    told = last_of(kind)
    outcome = told.when(withdraw(it(told)))
    after = outcome.then(*outcome.events)
    values = {} if kind in NOTED else after_correction(told)[1].values
    if kind == "responsibility.ended":
        assert after.when(correct(it(told), **values)).refusal is None, "the assignment goes on, and may end otherwise"
        return
    code = "responsibility.withdrawn" if kind == "responsibility.assigned" else "fact.withdrawn"
    again = after.when(correct(it(told), **values))
    assert again.refusal is not None
    assert again.refusal.code == code


@pytest.mark.parametrize("kind", FACTS)
def test_what_puts_it_right_is_not_put_right_itself(kind: str) -> None:
    told = last_of(kind)
    command: Command = withdraw(it(told)) if kind not in OPENING else after_correction(told)[1]
    outcome = told.when(command)
    after = outcome.then(*outcome.events)
    for again in both(after.event(len(after.history))):
        after.when(again).refused("fact.correction-of-correction", "event")


@pytest.mark.parametrize("kind", sorted(CORRECTIONS))
def test_a_correction_is_none_of_those_facts(kind: str) -> None:
    told = last_of(kind)
    for command in both(it(told)):
        told.when(command).refused("fact.correction-of-correction", "event")


@pytest.mark.parametrize("kind", sorted(HANDOVERS))
def test_a_handover_is_put_right_by_the_assignments_that_it_moved(kind: str) -> None:
    told = last_of(kind)
    for command in both(it(told)):
        told.when(command).refused("fact.handover", "event")


@pytest.mark.parametrize("kind", sorted(OPENING))
def test_what_a_ledger_was_opened_with_stays(kind: str) -> None:
    told = last_of(kind)
    told.when(withdraw(it(told))).refused("fact.opens-stream", "event")


@pytest.mark.parametrize("kind", sorted(NOTED))
def test_what_a_process_noted_is_not_said_otherwise(kind: str) -> None:
    told = last_of(kind)
    for values in said_otherwise(told.history[-1]):
        told.when(correct(it(told), **values)).refused("fact.field-fixed", f"values.{next(iter(values))}")


@pytest.mark.parametrize("kind", KINDS)
def test_no_other_event_is_meant(kind: str) -> None:
    told = last_of(kind)
    for event in (EventId(number(1)), told.event(len(told.history) + 1), event_id(OTHER, len(told.history))):
        for command in both(event):
            told.when(command).refused("fact.unknown", "event")


@pytest.mark.parametrize("kind", FACTS)
def test_no_field_is_made_up_and_none_that_follows_is_said(kind: str) -> None:
    told = last_of(kind)
    event = told.history[-1]
    if kind not in NOTED | {"responsibility.assigned", "responsibility.ended"}:
        told.when(correct(it(told), colour="red")).refused("fact.value-invalid", "values.colour")
    fixed = {*event.derived, *([event.about.field] if event.about and not event.about.whole else ())}
    for name in fixed:
        told.when(correct(it(told), **{name: None})).refused("fact.field-fixed", f"values.{name}")


@pytest.mark.parametrize("kind", DATED)
def test_a_fact_lies_at_most_five_minutes_ahead(kind: str) -> None:
    told = last_of(kind)
    event = told.history[-1]
    assert event.occurs
    now, happened = told.circumstances.now, event.happened
    soon: datetime | date = now + timedelta(minutes=4)
    late: datetime | date = now + timedelta(minutes=6)
    if not isinstance(happened, datetime):
        soon, late = now.date(), now.date() + timedelta(days=2)
    assert told.when(correct(it(told), **{event.occurs: soon.isoformat()})).refusal is None
    told.when(correct(it(told), **{event.occurs: late.isoformat()})).refused(
        "fact.in-the-future", f"values.{event.occurs}"
    )


@pytest.mark.parametrize("kind", TOO_EARLY)
def test_it_does_not_come_before_what_it_follows(kind: str) -> None:
    told = last_of(kind)
    event = told.history[-1]
    refused = told.when(correct(it(told), **{str(event.occurs): BEGINNING})).refusal
    assert refused is not None
    assert (refused.code, refused.field) == (TOO_EARLY[kind], f"values.{event.occurs}")


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_nothing_wrong_is_recorded(kind: str) -> None:
    """A command that changes nothing is accepted, and there is nothing to do."""
    if kind in CORRECTIONS | HANDOVERS:
        return
    told = last_of(kind)
    said = told.history[-1].model_dump(mode="json")
    assert told.when(correct(it(told))).events == ()
    fixed = {*told.history[-1].derived}
    about = told.history[-1].about
    fixed |= {about.field} if about and not about.whole else set()
    if kind not in NOTED | {"responsibility.assigned", "responsibility.ended"}:
        same = {name: value for name, value in said.items() if name not in fixed}
        assert told.when(correct(it(told), **same)).events == ()
