"""Which events of a batch each view reads."""

from collections.abc import Iterable, Sequence

from events.base import Event
from events.recorded import Recorded
from projections.base import Projection


class Routing:
    """Deals events out to views by their class, in one pass and without decoding them."""

    def __init__(self, projections: Sequence[Projection]) -> None:
        self._projections = projections
        self._readers: dict[type[Event], tuple[str, ...]] = {}

    def __call__(self, events: Iterable[Recorded], names: Iterable[str]) -> dict[str, list[Recorded]]:
        """Name → events, for each of the named views."""
        dealt: dict[str, list[Recorded]] = {name: [] for name in names}
        for recorded in events:
            for reader in self._of(recorded.kind):
                if reader in dealt:
                    dealt[reader].append(recorded)
        return dealt

    def _of(self, kind: type[Event]) -> tuple[str, ...]:
        readers = self._readers.get(kind)
        if readers is None:
            readers = tuple(one.name for one in self._projections if kind in one.events)
            self._readers[kind] = readers
        return readers
