"""Histories lived through with commands that hypothesis makes up."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from pydantic import JsonValue

from aggregates import decider
from aggregates.circumstances import Circumstances
from aggregates.refusal import Refused
from aggregates.responsibility.handovers import successor
from commands.base import Command
from commands.catalogue import CATALOGUE as COMMANDS
from commands.responsibility import ResponsibilityCommand
from events.customer.complaints import ComplaintAssigned
from events.responsibility import HandoverProposed
from events.vocabulary import identifiers as ids
from events.vocabulary.identifiers import event_id
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
from tests.domain.people import BINHAI, HUADONG, LIN, LINE_SEVEN, NO_CUSTOMER, NOW, QIAN, STRANGER, WANG, ZHOU, number
from tests.domain.words import (
    about,
    assigned,
    assignment,
    commitment,
    complaint,
    delegated,
    delegation,
    made,
    obligation,
    received,
    signed,
    undertaken,
)
from tests.making import ANY, Pools, completed


def _few(*values: Any) -> st.SearchStrategy[Any]:
    return st.sampled_from(values)


HANDOVERS = tuple(ids.HandoverId(number(5000 + value)) for value in (1, 2))
ASSIGNMENTS = tuple(assignment(value) for value in range(1, 5))
SUCCESSORS = tuple(successor(handover, one) for handover in HANDOVERS for one in ASSIGNMENTS[:2])
MOMENTS = tuple(NOW + timedelta(hours=hours) for hours in (-72, -48, -24, -3, -1, 0, 1, 4, 24, 48, 72))


def _at(field: str, moment: datetime) -> dict[str, JsonValue]:
    return {field: moment.isoformat()}


STREAMS = (
    ids.stream_id("customer", HUADONG),
    ids.stream_id("customer", HUADONG),
    ids.stream_id("project", LINE_SEVEN),
    ids.stream_id("person", LIN),
)
SAID: tuple[dict[str, JsonValue], ...] = (
    *(_at(field, at) for field in ("at", "due_at", "fulfilled_at", "received_at", "since") for at in MOMENTS[:7]),
    {"text": "备件"},
    {"content": "停机"},
    {"severity": "medium"},
    {"person": str(WANG)},
    {"to_person": str(WANG)},
    {"until": None},
    {"agreed": False},
    {"name": "滨海化工"},
    {"outcome": "accepted"},
)
"""What commands say instead of what was recorded."""

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
    (ids.ContractId, _few(ids.ContractId(number(9001)))),
    (ids.ObligationId, _few(obligation(1), obligation(2))),
    (ids.SurveyAnswerId, _few(ids.SurveyAnswerId(number(8101)))),
    (
        ids.Subject,
        _few(
            ids.SELF,
            ids.SELF,
            about("commitment", commitment(1)),
            about("complaint", complaint(1)),
            about("obligation", obligation(1)),
        ),
    ),
    (Code, _few("account_manager", "account_manager", "technical_support", "chief_cook")),
    (Severity, _few("high", "high", "medium", "low")),
    (Label, _few("华东机械", "孙经理")),
    (Prose, _few("样机", "方案")),
    (ids.EventId, _few(*(event_id(scenario, version) for scenario in STREAMS for version in range(1, 16)))),
    (UUID, _few(number(9901), number(9902))),
    (dict[str, JsonValue], _few(*SAID)),
    *ANY,
)
"""Few values of each kind, so that the commands of a history speak of the same things; of other ids there are two."""


def orders(*commands: type[Command]) -> st.SearchStrategy[list[tuple[Command, datetime]]]:
    """Commands with the times at which they are given."""
    given_at = st.tuples(st.one_of([completed(command, SMALL) for command in commands]), _few(*MOMENTS))
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
    signed(),
    undertaken(1),
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


def decided(command: Command, state: decider.State, circumstances: Circumstances) -> object:
    """The events, or the code of the refusal."""
    try:
        return decider.decide(command, state, circumstances)
    except Refused as refusal:
        return refusal.code
