"""How a fact would be held if a handover had been accepted: what passes from the leaver to the successor."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from projections.attribution.holders import Holding, Layers
from projections.attribution.items import Item

_MANAGERS = 2
"""The last layers of an item are those of its customer: the accountable and the responsible account managers."""


@dataclass(frozen=True, slots=True)
class Succession:
    """Somebody follows on the holder of an assignment."""

    assignment: UUID
    leaver: UUID
    successor: UUID
    at: datetime
    of_customer: bool
    """Whether the assignment is for the customer itself: then the leaver's open items pass with it."""

    def succeeded(self, item: Item) -> Item:
        """The item as it would be held."""
        passes = self.of_customer and item.occurred_at <= self.at and (item.ended_at is None or self.at < item.ended_at)
        own, managers = item.layers[:-_MANAGERS], item.layers[-_MANAGERS:]
        after = replace(item, layers=(*self._layers(own, passes=passes), *self._layers(managers, passes=False)))
        if item.keeping is None:
            return after
        by_basis = tuple(
            (basis, self._layers(layers, passes=passes and basis != "account_manager"))
            for basis, layers in item.keeping.by_basis
        )
        return replace(after, keeping=replace(item.keeping, by_basis=by_basis))

    def _layers(self, layers: Layers, *, passes: bool) -> Layers:
        return tuple(
            tuple(part for holding in layer for part in self._parts(holding, passes=passes)) for layer in layers
        )

    def _parts(self, holding: Holding, *, passes: bool) -> Iterator[Holding]:
        """The holding up to when the successor follows, and from then on that of the successor."""
        at = self._followed_at(holding, passes=passes)
        if at is None or (holding.until is not None and holding.until <= at):
            yield holding
            return
        yield replace(holding, until=at)
        yield replace(holding, person=self.successor, since=at, assignment=None)

    def _followed_at(self, holding: Holding, *, passes: bool) -> datetime | None:
        """From when on the successor has what somebody holds; none where it stays, as with whoever only acts."""
        if holding.kind == "acting":
            return None
        if holding.assignment == self.assignment:
            return self.at
        if not passes or holding.person != self.leaver:
            return None
        if holding.assignment is None:
            # What was handed over last is handed on, and no earlier than that.
            return max(self.at, holding.since) if holding.until is None else None
        return self.at if holding.since < self.at else None
