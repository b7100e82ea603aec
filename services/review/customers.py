"""The customers as lists and headings show them: name, tier, account manager."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from projections.customer.profile.questions import WITH_MANAGER
from services.review.visitor import Visitor


def customers(
    visitor: Visitor, *, text: str = "", identifier: UUID | None = None, limit: int = 1, offset: int = 0
) -> list[dict[str, Any]]:
    """Customers with tier and account manager of this moment, as known now."""
    at = datetime.now(UTC)
    parameters = {"at": at, "id": identifier, "text": text, "limit": limit, "offset": offset}
    return visitor.zeren.views.rows(WITH_MANAGER, parameters)
