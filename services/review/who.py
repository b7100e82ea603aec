"""The question page: who was responsible, as known at one time and at another?"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from projections.names import SUBJECTS
from services.questions import responsibility
from services.questions.responsibility import Difference, Holder, WhoAnswer
from services.review.knowledge import knowledge
from services.review.proof import Line
from services.review.rendering import Page
from services.review.visitor import PageError, Visitor

_SUBJECT = re.compile(r"(customer|project|commitment|complaint):[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_CHOICES = 500
Verdict = Literal["same", "interval", "left", "differs"]


@dataclass(frozen=True, slots=True)
class Side:
    """One of the answers that are compared."""

    known_at: datetime | None
    answer: WhoAnswer
    unknown: bool
    """Whether nothing at all was known of the subject."""


def who_page(visitor: Visitor) -> Page:
    """The form, and the answer once there is a question; a form that cannot be read comes back with what is wrong."""
    choices = visitor.zeren.views.rows(SUBJECTS, {"limit": _CHOICES})
    subject, role = visitor.asked("subject"), visitor.asked("role")
    if subject and subject not in {one["subject"] for one in choices} and _SUBJECT.fullmatch(subject):
        name = visitor.names.subject(subject)
        choices.append({"subject": subject, "kind": subject.partition(":")[0], "name": name})
    form = {"choices": choices, "subject": subject, "role": role, "problem": None, "sides": (), **_texts(visitor)}
    if not subject and not role:
        return Page("who.html", form)
    try:
        return Page("who.html", {**form, **_answer(visitor, subject, role)})
    except PageError as error:
        return Page("who.html", {**form, "problem": error.key}, status=error.status)


def _texts(visitor: Visitor) -> dict[str, Any]:
    """What stands in the fields for times: what was asked for, as far as it can be read."""
    found: dict[str, Any] = {}
    for name in ("effective_at", "known_at", "compare_known_at"):
        try:
            found[name] = visitor.instant(name)
        except PageError:
            found[name] = None
    return found


def _answer(visitor: Visitor, subject: str, role: str) -> dict[str, Any]:
    if not _SUBJECT.fullmatch(subject):
        raise PageError(422, "subject")
    if role not in visitor.roles:
        raise PageError(422, "role")
    if subject.startswith(("customer:", "project:")) and visitor.names(*subject.split(":")) is None:
        raise PageError(404, "subject_unknown")
    effective_at = visitor.instant("effective_at")
    known = sorted((visitor.instant("known_at"), visitor.instant("compare_known_at")), key=_when)
    early, late = (visitor.moment(effective_at, at) for at in known)
    late = replace(late, effective_at=early.effective_at)
    found = responsibility.difference(visitor.zeren.views, subject, role, early, late)
    first = visitor.proof.first(subject) if subject.startswith(("customer:", "project:")) else None
    begins = first.position if first else 0
    sides = [
        Side(at, answer, answer.known_position < begins)
        for at, answer in zip(known, (found.then, found.now), strict=True)
    ]
    compared = known[0] is not None
    changes = visitor.proof.at([change.position for change in found.changes])
    learned = knowledge(visitor.zeren.views, subject)
    decisive = [
        line
        for line in changes
        if line.position not in learned.positions or learned.changed_answer(line.position, early.effective_at, role)
    ]
    return {
        "sides": sides if compared else sides[1:],
        "verdict": _verdict(found) if compared else None,
        "changes": decisive or changes,
        "also": [line for line in changes if line not in decisive] if decisive else [],
        "proof": _proof(visitor, found),
        "asked_at": early.effective_at,
        "first": first,
    }


def _when(known_at: datetime | None) -> float:
    return known_at.timestamp() if known_at else float("inf")


def _proof(visitor: Visitor, found: Difference) -> Mapping[UUID, Line]:
    return visitor.proof.of(event for side in (found.then, found.now) for one in side.holders for event in one.events)


def _verdict(found: Difference) -> Verdict:
    if not found.differs:
        return "same"
    then, now = ([one.model_copy(update={"left": False}) for one in side.holders] for side in (found.then, found.now))
    if then == now:
        return "left"
    return "interval" if _people(then) == _people(now) else "differs"


def _people(holders: list[Holder]) -> set[object]:
    return {(one.person, one.kind, one.involvement) for one in holders}
