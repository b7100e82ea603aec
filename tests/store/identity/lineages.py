"""Lineages to ask."""

from datetime import UTC, datetime
from uuid import UUID

from services.store.identity.lineage import Incarnation, Lineage, Noticed, Place


def lineage(*since: int) -> Lineage:
    """A log whose incarnations, with ids 1, 2, …, go on behind the positions."""
    at = datetime(2025, 3, 10, tzinfo=UTC)
    return Lineage(
        tuple(
            Incarnation(number, UUID(int=number), behind, at, Noticed.SAID, "", Place(1, 1, 1))
            for number, behind in enumerate(since, 1)
        )
    )
