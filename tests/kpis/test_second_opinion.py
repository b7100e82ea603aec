"""Every figure, exclusion and piece of evidence agrees with a second opinion from the bare events."""

import random
from collections import Counter
from datetime import date
from typing import Any, get_args

from projections.attribution.rules import RULES
from projections.kpis.cases import Reason
from projections.kpis.definitions import CODES, EVERY_VERSION
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
QUESTIONS = 600
EVERYTHING = {outcome for definition in EVERY_VERSION for outcome in definition.outcomes} | {
    f"-{reason}" for reason in get_args(Reason)
}
"""What may become of a case."""


def test_six_hundred_random_questions_over_a_random_history(company: Company) -> None:
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
        version = chance.choice([one.version for one in EVERY_VERSION if one.code == code])
        expected = World(log[:known]).opinion(code, PERIODS[period], scope, rule, version)
        seen.update(set(expected.cases.values()))
        asked = {"attribution": rule, "known_position": known, "definition_version": version}
        figure = company.figure(code, period, scope, **asked)
        evidence = company.evidence(code, period, scope, limit=90, **asked)
        found = {one["case"]: one["outcome"] if one["role"] == "counted" else f"-{one['reason']}" for one in evidence}
        hundred = 1 if code == "satisfaction" else 100
        value = expected.numerator / expected.denominator * hundred if expected.denominator else None
        proofs: dict[str, set[str]] = {}
        for one in evidence:
            proofs.setdefault(one["case"], set()).add(one["id"])
        parts = {(one["kind"], one["code"]): one for one in figure["parts"]}
        answers = (
            figure["value"],
            figure["numerator"],
            figure["denominator"],
            {one["reason"]: one["cases"] for one in figure["excluded"]},
            found,
            {code: one["value"] for (kind, code), one in parts.items() if kind == "outcome" and one["value"]},
            {
                code: (one["numerator"], one["denominator"])
                for (kind, code), one in parts.items()
                if kind == "dimension" and one["denominator"]
            },
            tuple(parts["acting", "acting"][name] for name in ("denominator", "numerator"))
            if ("acting", "acting") in parts
            else (0, 0),
            {name for name, events in expected.events.items() if not {str(one) for one in events} <= proofs[name]}
            if found.keys() == expected.cases.keys()
            else None,
        )
        truth: tuple[Any, ...] = (
            None if value is None else round(float(value), 4),
            round(float(expected.numerator), 6),
            round(float(expected.denominator), 6),
            expected.excluded,
            expected.cases,
            {code: round(float(weight), 6) for code, weight in expected.parts.items() if weight},
            {
                code: (round(float(scores), 6), round(float(weights), 6))
                for code, (scores, weights) in expected.dimensions.items()
                if weights
            },
            (expected.acting[0], round(float(expected.acting[1]), 6)),
            set(),
        )
        if answers != truth:
            wrong.append((code, version, period, scope, rule, known, answers, truth))
    assert wrong == []
    assert EVERYTHING - set(seen) == set()
