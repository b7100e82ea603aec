"""A lane: views that go forward together, with one transaction per batch and their last rows in memory."""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from psycopg import Connection
from psycopg.rows import TupleRow

from events.recorded import Recorded
from projections.base import Projection, Rows
from services.projector import batch, checkpoints
from services.projector.checkpoints import Checkpoint, OtherReleaseError
from services.projector.parking import GONE, park, take_each

logger = logging.getLogger(__name__)

_FROM_NOTHING = 150_000
"""Groups that a view which begins with nothing keeps in memory before it forgets: until then it looks none up."""

Routed = Mapping[str, Sequence[Recorded]]
"""Name of a view → those events of a batch that it reads."""


@dataclass(slots=True)
class _Remembered:
    """The rows of a view as they are at a position, as far as they are in memory."""

    position: int
    made: int
    rows: Rows


class Lane:
    """Takes its views from one batch to the next.

    The rows that were used last stay in memory; they are forgotten when a batch fails, and when somebody else moved
    the view on or mended it.
    """

    def __init__(self, projections: Sequence[Projection]) -> None:
        self.projections = projections
        self._remembered: dict[str, _Remembered] = {}

    def take(self, connection: Connection[TupleRow], last: int, routed: Routed) -> None:
        """Let the views that are in `routed` take a batch that ends at position `last`."""
        ours = [projection for projection in self.projections if projection.name in routed]
        if not ours:
            return
        try:
            self._together(connection, ours, last, routed)
        except GONE:
            self._remembered.clear()
            raise
        except Exception:
            self._remembered.clear()
            logger.exception("views %s: each takes the batch alone", ", ".join(one.name for one in ours))
            for projection in ours:
                _alone(connection, projection, last, routed[projection.name])

    def _together(
        self, connection: Connection[TupleRow], ours: Sequence[Projection], last: int, routed: Routed
    ) -> None:
        taken = {}
        with connection.transaction():
            standing = checkpoints.lock(connection, ours)
            for projection in ours:
                at = standing.get(projection.name)
                if at is not None and at.position < last:
                    rows = self._rows(projection, at)
                    _take(connection, projection, at, routed[projection.name], rows)
                    taken[projection.name] = _Remembered(last, at.made, rows)
            checkpoints.move(connection, taken, last)
        for name, remembered in taken.items():
            remembered.rows.written()
            self._remembered[name] = remembered

    def _rows(self, projection: Projection, at: Checkpoint) -> Rows:
        remembered = self._remembered.pop(projection.name, None)
        if remembered is not None and (remembered.position, remembered.made) == (at.position, at.made):
            return remembered.rows
        return Rows(_FROM_NOTHING, whole=True) if at.position == 0 else Rows()


def _take(
    connection: Connection[TupleRow], projection: Projection, at: Checkpoint, events: Sequence[Recorded], rows: Rows
) -> None:
    """Fold and write what is new to a view."""
    new = events
    if events and events[0].position <= at.position:
        new = [recorded for recorded in events if recorded.position > at.position]
    if at.parked:
        new = [recorded for recorded in new if recorded.stream not in at.parked]
    if new:
        batch.load(connection, projection, projection.schema, new, rows)
        batch.apply(projection, new, rows)
        batch.write(connection, projection.schema, rows)


def _alone(connection: Connection[TupleRow], projection: Projection, last: int, events: Sequence[Recorded]) -> None:
    try:
        with connection.transaction():
            _take(connection, projection, checkpoints.lock_one(connection, projection), events, Rows())
            checkpoints.move(connection, [projection.name], last)
    except (*GONE, OtherReleaseError):
        raise
    except Exception:
        logger.exception("view %s: taking %d events one by one", projection.name, len(events))
        with connection.transaction():
            at = checkpoints.lock_one(connection, projection)
            new = [one for one in events if one.position > at.position and one.stream not in at.parked]
            for recorded, error in take_each(connection, projection, projection.schema, new).values():
                park(connection, projection, recorded, error)
            checkpoints.move(connection, [projection.name], last)
