"""Ten thousand questions: who was responsible then, as known then, is what a naive replay of the events says."""

import random
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
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
from services.application import Zeren
from services.questions import responsibility
from services.questions.views import Moment
from tests.views.histories import DAYS, ROLES, START, History, record

QUESTIONS = 10_000

Holder = tuple[str, str, UUID, UUID, datetime, datetime | None]
"""Role, kind, person, id of the assignment, since, until."""


@dataclass
class Naive:
    """What the events up to a position say, kept as plainly as can be; written without a look at the view."""

    assignments: dict[UUID, dict[str, Any]] = field(default_factory=dict)
    delegations: dict[UUID, dict[str, Any]] = field(default_factory=dict)

    def learn(self, stream: str, event: object) -> None:
        """Take one event in."""
        if isinstance(event, ResponsibilityAssigned):
            subject = stream if event.subject == "self" else event.subject
            self.assignments[event.assignment_id] = {**event.model_dump(), "subject": subject}
        elif isinstance(event, ResponsibilityEnded):
            self.assignments[event.assignment_id]["until"] = event.until
        elif isinstance(event, ResponsibilityCorrected):
            truth = {"person": event.person, "since": event.since, "until": event.until}
            self.assignments[event.assignment_id].update(truth)
        elif isinstance(event, ResponsibilityWithdrawn):
            del self.assignments[event.assignment_id]
        elif isinstance(event, DelegationGranted):
            self.delegations[event.delegation_id] = event.model_dump()
        elif isinstance(event, DelegationRevoked):
            self.delegations[event.delegation_id]["until"] = event.until

    def who(self, subject: str, role: str | None, at: datetime) -> Counter[Holder]:
        """The holders at an instant, in every role where none is given."""
        found: Counter[Holder] = Counter()
        for identifier, held in self.assignments.items():
            if held["subject"] != subject or role not in {None, held["role"]} or not _covers(held, at):
                continue
            found[held["role"], "principal", held["person"], identifier, held["since"], held["until"]] += 1
            for granted in self.delegations.values():
                if granted["assignment_id"] == identifier and _covers(granted, at):
                    until = granted["until"] if held["until"] is None else min(granted["until"], held["until"])
                    since = max(granted["since"], held["since"])
                    found[held["role"], "acting", granted["to_person"], identifier, since, until] += 1
        return found


def _covers(interval: dict[str, Any], at: datetime) -> bool:
    return bool(interval["since"] <= at and (interval["until"] is None or at < interval["until"]))


def naive(events: Iterable[Recorded], known: int) -> Naive:
    """Everything again from the beginning, up to the known position."""
    replayed = Naive()
    for recorded in events:
        if recorded.position <= known:
            replayed.learn(recorded.stream, recorded.event)
    return replayed


def test_ten_thousand_as_known_at_answers_are_those_of_a_naive_replay(database_url: str) -> None:
    dice = random.Random(20250310)  # noqa: S311 - a seeded history, not a secret
    history = History(7, customers=3, people=5)
    with Zeren(database_url, projecting=False) as zeren:
        record(zeren, list(history.opening()))
        while zeren.ledger.size() < 900:
            record(zeren, [dice.choice([history.responsibility] * 5 + [history.commitment])() for _ in range(150)])
        zeren.runner.catch_up()
        events = zeren.ledger.read(0, 100_000)
        ours = [one for one in events if one.event.event_name.startswith("responsibility.")]
        counts = Counter(one.event.event_name for one in ours)
        for name in ("assigned", "ended", "corrected", "withdrawn", "delegation-granted", "delegation-revoked"):
            assert counts[f"responsibility.{name}"] >= 5, counts
        subjects = sorted({_subject(one) for one in ours if isinstance(one.event, ResponsibilityAssigned)})
        answered, mismatches = 0, []
        for _ in range(QUESTIONS // 5):
            known = dice.choice([dice.randrange(len(events) + 1), dice.choice(ours).position])
            believed = naive(ours, known)
            for _ in range(5):
                subject = dice.choice(subjects[:4] + subjects[-3:])
                role = dice.choice([*ROLES, None])
                at = START + timedelta(days=dice.randrange(-5, DAYS + 25), hours=dice.choice([0, 0, 13]))
                answer = responsibility.who(zeren.views, subject, role, Moment(at, known, len(events)))
                found = Counter(
                    (one.role, one.kind, one.person, one.assignment_id, one.since, one.until) for one in answer.holders
                )
                expected = believed.who(subject, role, at)
                answered += bool(expected)
                if found != expected:
                    mismatches.append(((subject, role, at, known), found, expected))
        assert mismatches[:1] == []
        assert answered > QUESTIONS / 10, "most questions would otherwise be about nobody"


def _subject(recorded: Recorded) -> str:
    subject = getattr(recorded.event, "subject", "self")
    return recorded.stream if subject == "self" else str(subject)
