"""What is due, page by page: rows that nothing comes of do not keep the later ones from being seen."""

from collections.abc import Iterator, Mapping
from typing import Any

from services.questions.views import Views


def pages(views: Views, first: str, later: str, asked: Mapping[str, Any], limit: int) -> Iterator[list[dict[str, Any]]]:
    """The pages of a question, `first` for the first one and `later` for those after the last row of another."""
    rows = views.rows(first, {**asked, "limit": limit})
    while rows:
        yield rows
        if len(rows) < limit:
            return
        rows = views.rows(later, {**rows[-1], **asked, "limit": limit})
