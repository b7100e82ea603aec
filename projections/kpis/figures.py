"""A figure from its cases, and the evidence for it."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal
from uuid import UUID

from projections.kpis.cases import Reason
from projections.kpis.definitions import Definition
from projections.kpis.scopes import Weighed

_HUNDRED = 100


@dataclass(frozen=True, slots=True)
class Ratio:
    """A sum of scores by a sum of weights."""

    numerator: Fraction = Fraction(0)
    denominator: Fraction = Fraction(0)

    def and_also(self, weight: Fraction, score: Fraction) -> "Ratio":
        """With one more case."""
        numerator = self.numerator + weight * score if score else self.numerator
        return Ratio(numerator, self.denominator + weight)

    def value(self, definition: Definition) -> Fraction | None:
        """0 to 100; none where there is nothing."""
        if not self.denominator:
            return None
        return self.numerator / self.denominator * (_HUNDRED if definition.unit == "percent" else 1)


@dataclass(frozen=True, slots=True)
class Figure:
    """What the cases come to."""

    total: Ratio
    outcomes: Mapping[str, Fraction]
    """Outcome → weight, every outcome of the definition."""
    dimensions: Mapping[str, Ratio]
    excluded: Mapping[str, int]
    """Reason → number of cases."""
    acting: Ratio
    """The cases in which the person only acted for a principal; no part of the total."""
    provisional: bool


def figure(definition: Definition, weighed: Iterable[Weighed]) -> Figure:
    """Sum up the cases of a scope."""
    total, acting = Ratio(), Ratio()
    outcomes = dict.fromkeys(definition.outcomes, Fraction(0))
    dimensions: dict[str, Ratio] = {}
    excluded: Counter[str] = Counter()
    provisional = False
    for one in weighed:
        case = one.case
        if case.score is None:
            excluded[case.outcome] += 1
        elif one.acting:
            excluded["acting"] += 1
            acting = acting.and_also(Fraction(1), case.score)
        else:
            provisional |= case.provisional
            total = total.and_also(one.weight, case.score)
            outcomes[case.outcome] += one.weight
            for dimension, score in case.dimensions.items():
                dimensions[dimension] = dimensions.get(dimension, Ratio()).and_also(one.weight, score)
    return Figure(total, outcomes, dimensions, excluded, acting, provisional)


def counted(
    definition: Definition,
    cases: Mapping[str, int],
    *,
    scores: Fraction | None = None,
    dimensions: Mapping[str, Ratio] | None = None,
    provisional: bool = False,
) -> Figure:
    """What the numbers of cases by outcome come to, where each counts in full.

    `scores` is the sum of their scores; where it is not given, a case of the wanted outcome scores 1.
    """
    outcomes = {code: Fraction(cases.get(code, 0)) for code in definition.outcomes}
    wanted = outcomes[definition.outcomes[0]] if scores is None else scores
    return Figure(
        Ratio(wanted, sum(outcomes.values(), Fraction(0))),
        outcomes,
        dimensions or {},
        {reason: count for reason, count in cases.items() if count and reason not in outcomes},
        Ratio(),
        provisional,
    )


@dataclass(frozen=True, slots=True)
class Evidence:
    """An event that a figure was computed from, or that was left out for a reason."""

    case: str
    event: UUID
    role: Literal["counted", "excluded"]
    outcome: str
    """What became of the case: an outcome of the definition, or the reason why it is excluded."""


def evidence(one: Weighed) -> Iterator[Evidence]:
    """The events of a case, by id; none twice."""
    reason: Reason = "acting"
    outcome = reason if one.acting and one.case.score is not None else one.case.outcome
    counted = one.case.score is not None and not one.acting
    for event in sorted({*one.case.events, *one.events}):
        yield Evidence(one.case.key, event, "counted" if counted else "excluded", outcome)
