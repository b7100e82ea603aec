"""客户满意度: what customers say of our service, on a scale from 0 to 100."""

from collections.abc import Iterable, Iterator
from decimal import Decimal
from fractions import Fraction

from projections.attribution import items
from projections.attribution.holders import Row
from projections.attribution.items import Holders
from projections.kpis.cases import Case
from projections.kpis.figures import Ratio


def cases(rows: Iterable[Row], held: Holders) -> Iterator[Case]:
    """The cases: one per answer, of two with one id the one that was recorded later under the id of its event."""
    for row in rows:
        item = items.answer(row, held)
        dimensions = {dimension: _normalised(Decimal(score), 1, row) for dimension, score in row["scores"].items()}
        counted = row["outcome"] == "answered"
        yield Case(
            key=f"{item.name}/{row['event']}" if row["again"] else item.name,
            at=item.occurred_at,
            item=item,
            outcome=row["outcome"],
            score=sum(dimensions.values(), Fraction(0)) / len(dimensions) if counted else None,
            events=item.events,
            place=row["place"],
            tier_event=row["tier_id"],
            dimensions=dimensions,
        )


def _normalised(scores: Decimal, count: int, row: Row) -> Fraction:
    """The sum of so many scores of one scale, each put on a scale from 0 to 100."""
    lowest, highest = Fraction(row["scale_min"]), Fraction(row["scale_max"])
    return 100 * (Fraction(scores) - count * lowest) / (highest - lowest)


def summed(rows: Iterable[Row]) -> tuple[Fraction, dict[str, Ratio]]:
    """The sum of the answers, and each dimension, of sums by scale, number of dimensions and dimension."""
    total, dimensions = Fraction(0), dict[str, Ratio]()
    for row in rows:
        score = _normalised(row["score"], row["answers"], row)
        total += score / row["dimensions"]
        before = dimensions.get(row["dimension"], Ratio())
        dimensions[row["dimension"]] = Ratio(before.numerator + score, before.denominator + row["answers"])
    return total, dimensions
