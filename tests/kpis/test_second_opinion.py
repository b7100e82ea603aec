"""Every figure, exclusion and piece of evidence agrees with a second opinion from the bare events."""

import random
from collections import Counter
from datetime import date
from typing import get_args

from projections.attribution.rules import RULES
from projections.kpis.cases import Reason
from projections.kpis.definitions import CODES, DEFINITIONS
from tests.kpis.company import Company
from tests.kpis.history import CUSTOMERS, PEOPLE, History
from tests.kpis.naive import World

PERIODS = {
    "2024": (date(2024, 1, 1), date(2025, 1, 1)),
    "2025": (date(2025, 1, 1), date(2026, 1, 1)),
    "2025Q1": (date(2025, 1, 1), date(2025, 4, 1)),
    "2025Q2": (date(2025, 4, 1), date(2025, 7, 1)),
    **{f"2025-{month:02}": (date(2025, month, 1), date(2025, month + 1, 1)) for month in range(1, 9)},
}
SCOPES = (
    "company",
    *(f"customer:{customer}" for customer in CUSTOMERS),
    *(f"person:{person}" for person in PEOPLE),
    *("team:east", "team:west") * 2,
    "tier:vip",
    "tier:first",
)
QUESTIONS = 300
EVERYTHING = {outcome for definition in DEFINITIONS.values() for outcome in definition.outcomes} | {
    f"-{reason}" for reason in get_args(Reason)
}
"""What may become of a case."""


def test_three_hundred_random_questions_over_a_random_history(company: Company) -> None:
    seed = 20_250_701
    History(company, seed).happen(days=200)
    log = company.zeren.ledger.read(0, 100_000)
    rules_are_there = 12
    chance = random.Random(seed)  # noqa: S311 - no secret
    wrong = []
    seen: Counter[str] = Counter()
    for number in range(QUESTIONS):
        code, period, scope = chance.choice(CODES), chance.choice(list(PERIODS)), chance.choice(SCOPES)
        rule = chance.choice(RULES)
        known = len(log) if number % 3 == 0 else chance.randint(rules_are_there, len(log))
        expected = World(log[:known]).opinion(code, *PERIODS[period], scope, rule)
        seen.update(set(expected.cases.values()))
        figure = company.figure(code, period, scope, attribution=rule, known_position=known)
        evidence = company.evidence(code, period, scope, attribution=rule, known_position=known, limit=90)
        found = {one["case"]: one["outcome"] if one["role"] == "counted" else f"-{one['reason']}" for one in evidence}
        hundred = 1 if code == "satisfaction" else 100
        value = expected.numerator / expected.denominator * hundred if expected.denominator else None
        answers = (
            figure["value"],
            figure["numerator"],
            figure["denominator"],
            {one["reason"]: one["cases"] for one in figure["excluded"]},
            found,
        )
        truth = (
            None if value is None else round(float(value), 4),
            round(float(expected.numerator), 6),
            round(float(expected.denominator), 6),
            expected.excluded,
            expected.cases,
        )
        if answers != truth:
            wrong.append((code, period, scope, rule, known, answers, truth))
    assert wrong == []
    assert EVERYTHING - set(seen) == set()
