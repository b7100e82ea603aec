"""The rows of responsibility: one per assignment or delegation, over effective and known time."""

import hashlib
from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from events.recorded import Recorded
from events.responsibility import (
    DelegationGranted,
    DelegationRevoked,
    ResponsibilityAssigned,
    ResponsibilityCorrected,
    ResponsibilityEnded,
    ResponsibilityWithdrawn,
)
from events.vocabulary.identifiers import AssignmentId, subject_in_full
from projections.base import Group, Projection, Rows, Table, Values
from projections.claims import require_unclaimed
from projections.responsibility.questions import BELIEVED, ONCE_OPEN, OTHER

HOLDINGS = Table(
    name="holdings",
    key="holding_id",
    group="assignment_id",
    columns={
        "holding_id": "uuid NOT NULL",
        "assignment_id": "uuid NOT NULL",
        "stream": "text NOT NULL",
        "subject": "text NOT NULL",
        "role": "text NOT NULL",
        "person": "uuid NOT NULL",
        "kind": "text NOT NULL",
        "involvement": "text NOT NULL",
        "since": "timestamptz NOT NULL",
        "until": "timestamptz",
        "slot": "bigint NOT NULL",
        "post": "bigint NOT NULL",
        "events": "uuid[] NOT NULL",
    },
    extras=(
        "CREATE INDEX {name}_who ON {table} (subject, role, since, known_from)",
        "CREATE INDEX {name}_portfolio ON {table} (person, since DESC, known_from DESC) INCLUDE (until, known_to)",
        "CREATE INDEX {name}_stream ON {table} (stream, known_from)",
        # Since when customers have account managers, and when they had none: over all customers, without reading rows.
        (
            "CREATE INDEX {name}_managers ON {table} (subject, since) "
            "INCLUDE (until, involvement, known_from, known_to) WHERE role = 'account_manager' AND kind = 'principal'"
        ),
        # What `questions.answer_of_post` goes by.
        "CREATE INDEX {name}_believed_of_post ON {table} (post, since DESC) WHERE " + BELIEVED,
        "CREATE INDEX {name}_once_open_of_post ON {table} (post, known_from DESC) WHERE " + ONCE_OPEN,
        "CREATE INDEX {name}_other_of_post ON {table} (post, (slot = post)) WHERE " + OTHER,
        # Two answers at one effective and one known time are impossible; `questions.answer_of_post` relies on it.
        # `questions.holders` finds rows by the same index: of a subject with 100,000 intervals only those around the
        # asked instant, so the order of the columns matters.
        (
            "ALTER TABLE {table} ADD CONSTRAINT {name}_one_answer EXCLUDE USING gist ("
            "int8range(hashtextextended(subject, 0) >> 2, hashtextextended(subject, 0) >> 2, '[]') WITH =, "
            "tstzrange(since, until) WITH &&, int8range(known_from, known_to) WITH &&, "
            "int8range(slot, slot, '[]') WITH =)"
        ),
    ),
)
"""Who held what: principals and, clipped to the principal's interval, acting delegates."""

DELEGATIONS = Table(
    name="delegations",
    key="delegation_id",
    group="assignment_id",
    columns={
        "delegation_id": "uuid NOT NULL",
        "assignment_id": "uuid NOT NULL",
        "to_person": "uuid NOT NULL",
        "since": "timestamptz NOT NULL",
        "until": "timestamptz NOT NULL",
        "events": "uuid[] NOT NULL",
    },
    extras=("CREATE INDEX {name}_person ON {table} (to_person)",),
)
"""Delegations as granted, whether or not the principal's interval covers them."""

_OURS = (
    ResponsibilityAssigned,
    ResponsibilityEnded,
    ResponsibilityCorrected,
    ResponsibilityWithdrawn,
    DelegationGranted,
    DelegationRevoked,
)


def slot(what: object) -> int:
    """A 62-bit number for what may have one holder at a time; it fits a range over bigint."""
    return int.from_bytes(hashlib.sha256(str(what).encode()).digest()[:8], "big") >> 2


def post_of(subject: str, role: str) -> int:
    """The number of a role of a subject, whether or not several may hold it."""
    return slot(f"{subject}|{role}")


def reads(recorded: Recorded) -> Iterable[Group]:
    """The rows of the assignment that an event is about."""
    if isinstance(recorded.event, _OURS):
        return [(HOLDINGS, recorded.event.assignment_id), (DELEGATIONS, recorded.event.assignment_id)]
    return []


def apply(recorded: Recorded, rows: Rows) -> None:
    """Believe what an event says, and clip the delegations of its assignment to it."""
    event = recorded.event
    match event:
        case ResponsibilityAssigned():
            exclusive = event.exclusive
            require_unclaimed(rows.get(HOLDINGS, event.assignment_id, event.assignment_id), "stream", recorded.stream)
            subject = subject_in_full(recorded.stream, event.subject)
            post = post_of(subject, event.role)
            rows.put(
                HOLDINGS,
                {
                    "holding_id": event.assignment_id,
                    "assignment_id": event.assignment_id,
                    "stream": recorded.stream,
                    "subject": subject,
                    "role": event.role,
                    "person": event.person,
                    "kind": "principal",
                    "involvement": event.involvement,
                    "since": event.since,
                    "until": event.until,
                    "slot": post if exclusive else slot(event.assignment_id),
                    "post": post,
                    "events": [recorded.id],
                },
            )
            return
        case ResponsibilityEnded():
            before = _principal(event.assignment_id, rows)
            rows.put(HOLDINGS, {**before, "until": event.until, "events": _proof(before, recorded)})
        case ResponsibilityCorrected():
            before = _principal(event.assignment_id, rows)
            rows.put(
                HOLDINGS,
                {
                    **before,
                    "person": event.person,
                    "since": event.since,
                    "until": event.until,
                    "events": [before["events"][0], recorded.id],
                },
            )
        case ResponsibilityWithdrawn():
            for delegation in rows.group(DELEGATIONS, event.assignment_id):
                rows.remove(HOLDINGS, delegation["delegation_id"], event.assignment_id)
            rows.remove(HOLDINGS, event.assignment_id, event.assignment_id)
            return
        case DelegationGranted():
            rows.put(
                DELEGATIONS,
                {
                    "delegation_id": event.delegation_id,
                    "assignment_id": event.assignment_id,
                    "to_person": event.to_person,
                    "since": event.since,
                    "until": event.until,
                    "events": [recorded.id],
                },
            )
        case DelegationRevoked():
            granted = rows.get(DELEGATIONS, event.delegation_id, event.assignment_id)
            if granted is None:
                raise LookupError("a delegation that was never granted is revoked")
            changed = {**granted, "until": event.until, "events": [granted["events"][0], recorded.id]}
            rows.put(DELEGATIONS, changed)
        case _:
            return
    _clip_delegations(event.assignment_id, rows)


def _principal(assignment_id: AssignmentId, rows: Rows) -> Values:
    before = rows.get(HOLDINGS, assignment_id, assignment_id)
    if before is None:
        raise LookupError("an assignment that was never made is changed")
    return before


def _proof(before: Values, recorded: Recorded) -> list[UUID]:
    """The first event, the last correction (which states everything), and the end that followed it."""
    return [*before["events"][:2], recorded.id]


def _clip_delegations(assignment_id: AssignmentId, rows: Rows) -> None:
    principal = rows.get(HOLDINGS, assignment_id, assignment_id)
    for delegation in rows.group(DELEGATIONS, assignment_id):
        since, until = _common(principal, delegation) if principal else (None, None)
        if principal is None or since is None or until is None or since >= until:
            rows.remove(HOLDINGS, delegation["delegation_id"], assignment_id)
            continue
        rows.put(
            HOLDINGS,
            {
                **principal,
                "holding_id": delegation["delegation_id"],
                "person": delegation["to_person"],
                "kind": "acting",
                "since": since,
                "until": until,
                "slot": slot(delegation["delegation_id"]),
                "events": [*delegation["events"], *principal["events"]],
            },
        )


def _common(principal: Values, delegation: Values) -> tuple[datetime, datetime]:
    since = max(principal["since"], delegation["since"])
    return since, min(principal["until"] or delegation["until"], delegation["until"])


PROJECTION = Projection("responsibility", 4, (HOLDINGS, DELEGATIONS), reads, apply, frozenset(_OURS))
