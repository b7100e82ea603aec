"""客户满意度: what customers say of our service, on a scale from 0 to 100."""

from collections.abc import Iterable, Iterator
from decimal import Decimal
from fractions import Fraction

from projections.attribution import items
from projections.attribution.holders import Row
from projections.attribution.items import Holders
from projections.kpis.cases import Case


def cases(rows: Iterable[Row], held: Holders) -> Iterator[Case]:
    """The cases: one per answer, of two with one id the one that was recorded later under the id of its event."""
    seen: set[str] = set()
    for row in rows:
        item = items.answer(row, held)
        key = f"{item.name}/{row['event']}" if item.name in seen else item.name
        seen.add(item.name)
        dimensions = _normalised(row)
        yield Case(
            key=key,
            at=item.occurred_at,
            item=item,
            outcome="answered",
            score=sum(dimensions.values(), Fraction(0)) / len(dimensions),
            events=item.events,
            dimensions=dimensions,
        )


def _normalised(row: Row) -> dict[str, Fraction]:
    lowest, highest = Fraction(row["scale_min"]), Fraction(row["scale_max"])
    return {
        dimension: 100 * (Fraction(Decimal(score)) - lowest) / (highest - lowest)
        for dimension, score in sorted(row["scores"].items())
    }
