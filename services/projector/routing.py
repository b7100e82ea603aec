"""Which events of a batch each view reads."""

from collections.abc import Callable, Iterable, Sequence

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
        hands: dict[type[Event], list[Callable[[Recorded], None]]] = {}
        for recorded in events:
            dealing = hands.get(recorded.kind)
            if dealing is None:
                readers = [one for one in self._of(recorded.kind) if one in dealt]
                dealing = hands[recorded.kind] = [dealt[one].append for one in readers]
            for deal in dealing:
                deal(recorded)
        return dealt

    def _of(self, kind: type[Event]) -> tuple[str, ...]:
        readers = self._readers.get(kind)
        if readers is None:
            readers = tuple(one.name for one in self._projections if kind in one.events)
            self._readers[kind] = readers
        return readers
