"""One page of a list at a fixed known position, and where the next one begins."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from projections.pages import Listing
from services.questions.views import Moment, Views


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which page is asked for: the filters that are given, the order, and the sort values it goes on after."""

    filters: dict[str, Any] = field(default_factory=dict)
    order: str | None = None
    limit: int = 100
    after: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Found:
    """The rows of a page, and the sort values of the last one if there are more."""

    rows: list[dict[str, Any]]
    last: tuple[str, ...] | None


def page(views: Views, listing: Listing, wanted: Wanted, moment: Moment) -> Found:
    """The rows of one page as known at the moment."""
    filters = {name: value for name, value in wanted.filters.items() if value is not None}
    parameters = {
        **filters,
        **{f"after_{index}": value for index, value in enumerate(wanted.after)},
        "at": moment.effective_at,
        "known": moment.known_position,
        "limit": wanted.limit + 1,
    }
    rows = views.rows(listing.query(filters, wanted.order, resumed=bool(wanted.after)), parameters)
    if len(rows) <= wanted.limit:
        return Found(rows, None)
    rows = rows[: wanted.limit]
    sorting = listing.orders[wanted.order or listing.usual]
    return Found(rows, tuple(_written(rows[-1][column.partition(".")[2]]) for column in sorting.columns))


def _written(value: Any) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)
