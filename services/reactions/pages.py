"""What is due, page by page: rows that nothing comes of do not keep the later ones from being seen."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from services.questions.views import Views


def pages(views: Views, first: str, later: str, now: datetime, limit: int) -> Iterator[list[dict[str, Any]]]:
    """The pages of a question, `first` for the first one and `later` for those after the last row of another."""
    rows = views.rows(first, {"now": now, "limit": limit})
    while rows:
        yield rows
        if len(rows) < limit:
            return
        rows = views.rows(later, {**rows[-1], "now": now, "limit": limit})
