"""At the very instant at which something begins or ends, it has begun or ended: every question says so.

An answer at an instant is that of a microsecond later, whatever happens at it; only what is late is late after its due
time, and shares of time grow with it. A known time stands for the last position that was recorded by then. Seeds are
fresh in each run, and named by what fails.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from secrets import randbits
from typing import Any
from uuid import UUID

import pytest
from fastapi.testclient import TestClient

from events.recorded import Recorded
from events.responsibility import ResponsibilityAssigned, ResponsibilityEnded
from services.application import Zeren
from services.http.app import create_app
from services.review.router import review_router
from services.settings import Settings
from tests.views.histories import DAYS, START, History, record

MICROSECOND = timedelta(microseconds=1)
INSTANTS = 10
Question = tuple[str, Mapping[str, str]]
ECHOED = {"effective_at", "known_at", "known_position", "position", "next", "instant"}
"""What an answer says of the question, not of the company."""
SOON = {"until": "2027-01-01T00:00:00Z"}


@dataclass
class Company:
    """A random history that is asked over HTTP."""

    client: TestClient
    events: list[Recorded]
    questions: list[Question]
    dice: Random
    seed: int

    def answer(self, question: Question, **times: Any) -> Any:
        """What is answered, without what it says of the question; a page's text."""
        path, parameters = question
        asked = {name: at.isoformat() if isinstance(at, datetime) else str(at) for name, at in times.items()}
        answer = self.client.get(path, params={**parameters, **asked}, headers={"Authorization": "Dev system"})
        assert answer.status_code in {200, 404}, answer.text
        if "html" in answer.headers["content-type"]:
            return re.sub(r"<[^>]*>|\s+", " ", answer.text)
        return _bare(answer.json())


def _bare(part: Any) -> Any:
    if isinstance(part, dict):
        return {name: _bare(value) for name, value in part.items() if name not in ECHOED}
    return [_bare(one) for one in part] if isinstance(part, list) else part


def _instants(part: Any, name: str = "") -> Iterator[tuple[str, datetime]]:
    """Every instant that an event names, with the name of its field."""
    if isinstance(part, dict):
        for key, value in part.items():
            yield from _instants(value, key)
    elif isinstance(part, list | tuple):
        for value in part:
            yield from _instants(value, name)
    elif isinstance(part, datetime):
        yield name, part


def _questions(history: History, dice: Random) -> list[Question]:
    """Every question that takes both clocks, about things of the history."""
    customer, other = (str(one) for one in dice.sample(history.customers, 2))
    person = str(dice.choice(history.people))
    made = {kind: [str(one) for (of, _), ones in history.items.items() if of == kind for one in ones] for kind in
            ("commitment", "complaint", "contract", "obligation")}  # fmt: skip
    one_of = {kind: dice.choice(ones) for kind, ones in made.items() if ones}
    about, newest = f"customer:{customer}", str(history.people[-1])
    span = {"from": "2025-01-01T00:00:00Z", "to": "2025-12-31T00:00:00Z"}
    listed = [
        ("customers", {}), ("customers", {"holder": person}), ("customers", {"tier": "vip"}), ("projects", {}),
        ("projects", {"undecided": "true"}), ("people", {}), ("people", {"active": "true"}), ("visits", {}),
        ("people", {"department": "east"}), ("interactions", {}), ("surveys", {}), ("commitments", {}),
        ("commitments", {"holder": person}), ("commitments", {"status": "open"}), ("complaints", {}),
        ("complaints", {"holder": person}), ("complaints", {"status": "open"}), ("complaints", {"waiting": "true"}),
        ("handovers", {}), ("handovers", {"status": "proposed"}), ("lives", {}), ("lives", {"open": "true"}),
        ("lives", {"holder": person}), ("agenda", SOON), ("agenda", {"holder": person, **SOON}), ("policies", {}),
        ("policies", {"in_force": "true"}), ("contracts", {}), ("obligations", {}), ("obligations", {"holder": person}),
        ("responsibility", {"subject": about}), ("responsibility", {"subject": about, "role": "account_manager"}),
        ("responsibility/timeline", {"subject": about}), ("responsibility/leavers", {}),
        ("responsibility/portfolio", {"person": person}), ("responsibility/portfolio", {"person": newest}),
        ("responsibility/gaps", span), ("responsibility/overlaps", span), (f"customers/{other}", {}),
        (f"people/{person}", {}), (f"projects/{history.projects[0]}", {}),
        *((f"{kind}s/{identifier}", {}) for kind, identifier in one_of.items() if kind in {"commitment", "complaint"}),
        *(("attribution", {"item": f"commitment:{one_of['commitment']}", "rule": rule})
          for rule in ("at_occurrence", "at_due", "at_resolution", "current")),
    ]  # fmt: skip
    pages: list[Question] = [
        (f"/customers/{customer}", {}),
        ("/who", {"subject": about, "role": "account_manager"}),
    ]
    return [(f"/v1/{path}", {**parameters, "limit": "200"} if _is_paged(path) else parameters)
            for path, parameters in listed] + pages  # fmt: skip


def _is_paged(path: str) -> bool:
    single = {"responsibility", "responsibility/portfolio", "attribution"}
    return path not in single and "/" not in path.removeprefix("responsibility/")


@pytest.fixture
def company(database_url: str) -> Iterator[Company]:
    seed = randbits(32)
    dice = Random(seed)  # noqa: S311 - a seeded history, not a secret
    history = History(seed, customers=3, people=5)
    with Zeren(database_url, projecting=False) as zeren:
        record(zeren, list(history.opening()))
        makers = [history.responsibility, history.responsibility, history.anything]
        while zeren.ledger.size() < 500:
            record(zeren, [dice.choice(makers)() for _ in range(50)])
        zeren.runner.catch_up()
        settings = Settings(dev_auth=True)
        with TestClient(create_app(zeren, settings, pages=[review_router(zeren, settings)])) as client:
            events = zeren.ledger.read(0, 10_000)
            yield Company(client, events, _questions(history, dice), dice, seed)


def test_what_begins_or_ends_at_an_instant_has_begun_or_ended_at_it(company: Company) -> None:
    named = {pair for one in company.events for pair in _instants(one.event.model_dump())}
    due = {at for name, at in named if "due" in name}
    turns = sorted(at for at in {at for name, at in named if "due" not in name} - due if at.year == START.year)
    changed: Counter[str] = Counter()
    for at in company.dice.sample(turns, min(INSTANTS, len(turns))):
        for question in company.questions:
            then = company.answer(question, effective_at=at)
            later = company.answer(question, effective_at=at + MICROSECOND)
            assert then == later, f"{question} at {at}, seed {company.seed}"
            changed[question[0]] += then != company.answer(question, effective_at=at - MICROSECOND)
    assert changed.total() > INSTANTS, f"answers hardly ever change, seed {company.seed}"


def test_at_the_end_of_an_assignment_nobody_says_that_it_goes_on(company: Company) -> None:
    assigned: dict[UUID, tuple[Recorded, ResponsibilityAssigned]] = {}
    ends: list[tuple[UUID, datetime]] = []
    for one in company.events:
        match one.event:
            case ResponsibilityAssigned(subject="self") as event if one.stream.startswith("customer:"):
                assigned[event.assignment_id] = (one, event)
            case ResponsibilityEnded() as event if event.assignment_id in assigned:
                ends.append((event.assignment_id, event.until))
    noticed = 0
    for identifier, at in company.dice.sample(ends, min(2 * INSTANTS, len(ends))):
        recorded, beginning = assigned[identifier]
        post = {"subject": recorded.stream, "role": beginning.role}
        page = f"/{recorded.stream.replace('customer:', 'customers/')}"
        questions: list[Question] = [
            ("/v1/responsibility", post),
            ("/who", post),
            (page, {"known_at": recorded.recorded_at.isoformat()}),
        ]
        for question in questions:
            then = company.answer(question, effective_at=at)
            assert then == company.answer(question, effective_at=at + MICROSECOND), f"{question}, seed {company.seed}"
            noticed += then != company.answer(question, effective_at=at - MICROSECOND)
    assert noticed, f"seed {company.seed}"


def test_a_known_time_is_the_last_position_that_was_recorded_by_then(company: Company) -> None:
    recorded = sorted({one.recorded_at for one in company.events})
    changed: Counter[str] = Counter()
    for at in company.dice.sample(recorded[1:], min(INSTANTS, len(recorded) - 1)):
        by_then = max(one.position for one in company.events if one.recorded_at <= at)
        before = max(one.position for one in company.events if one.recorded_at < at)
        effective_at = START + timedelta(days=company.dice.randrange(DAYS))
        for question in company.questions:
            then = company.answer(question, effective_at=effective_at, known_at=at)
            later = company.answer(question, effective_at=effective_at, known_at=at + MICROSECOND)
            earlier = company.answer(question, effective_at=effective_at, known_at=at - MICROSECOND)
            wrong = f"{question} at {effective_at} known at {at}, seed {company.seed}"
            assert then == later, wrong
            changed[question[0]] += then != earlier
            if question[0].startswith("/v1/"):
                assert then == company.answer(question, effective_at=effective_at, known_position=by_then), wrong
                assert earlier == company.answer(question, effective_at=effective_at, known_position=before), wrong
    assert changed.total() > INSTANTS, f"answers hardly ever change, seed {company.seed}"
