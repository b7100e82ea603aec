"""Whether a topic holds what the log has: after a restore it may hold more, or other events at the same positions."""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime

from services.store.database import Database
from services.store.identity.keeping import begin_new
from services.store.identity.lineage import Lineage, Noticed, UnknownIncarnationError
from services.streaming.stored import written
from services.streaming.tail import Held

_EVENTS = (
    "SELECT notification_id, originator_id, originator_version, topic, recorded_at FROM zeren.log "
    "WHERE notification_id = ANY(%(positions)s)"
)
_CURE = (
    "delete the topic, or name another one (ZEREN_KAFKA_TOPIC): everything is then sent anew, and consumers have to "
    "read it from the beginning"
)


class PartedTopicError(Exception):
    """Kafka holds events that the log does not have: what is recorded now would be dropped as already seen."""


Looking = Callable[[Callable[[Held], bool]], list[Held]]
"""Finds the records around which a topic ceases to be the same as the log."""


def require_same(database: Database, lineage: Lineage, topic: str, held: Sequence[Held], look_back: Looking) -> None:
    """See that the events at the end of a topic are those of the log.

    Raises:
        PartedTopicError: they are not; where no incarnation tells why, a new one is begun.
    """
    foreign = next((one for one in held if one.log not in (None, lineage.id)), None)
    if foreign:
        raise PartedTopicError(
            f"topic {topic} is filled from another log, {foreign.log}, and this one is {lineage.id}: nothing is sent. "
            "Name another topic (ZEREN_KAFKA_TOPIC), or delete this one where nobody needs it"
        )
    wrong, _ = _compared(database, held)
    if not wrong:
        return
    last = max(one.position for one in wrong)
    parted = _known(lineage, wrong)
    if parted is None:
        parted = _found(*_compared(database, look_back(lambda one: not _compared(database, [one])[0])))
        reason = f"the topic {topic} holds other events than the log after position {parted}, up to {last}"
        begin_new(database, Noticed.WENT_BACK, reason, since=parted)
    raise PartedTopicError(
        f"topic {topic} holds position {last} of a log that parted from this one after position {parted}, as after a "
        f"restore: nothing is sent, for consumers would drop it as already seen. To go on, {_CURE}"
    )


def _compared(database: Database, held: Iterable[Held]) -> tuple[list[Held], list[int]]:
    """What Kafka holds and the log does not have, and the positions at which both have the same."""
    by_position = {one.position: one for one in held}
    rows: list[tuple[int, str, int, str, datetime]] = database.tuples(_EVENTS, {"positions": list(by_position)})
    there = {position: (stream, version, name, written(at)) for position, stream, version, name, at in rows}
    same = {one: there.get(one.position) == one[1:5] for one in held}
    return [one for one, right in same.items() if not right], [one.position for one, right in same.items() if right]


def _found(wrong: Sequence[Held], right: Sequence[int]) -> int:
    """The last position that is the same, below all that are not."""
    first = min((one.position for one in wrong), default=0)
    return max((position for position in right if position < first), default=0)


def _known(lineage: Lineage, wrong: Iterable[Held]) -> int | None:
    """Where the log has parted from all of them, as its incarnations tell; none where they do not."""
    parted: list[int | None] = []
    for one in wrong:
        try:
            parted.append(lineage.parted(one.incarnation or lineage.id, one.position))
        except UnknownIncarnationError:
            # Begun and lost in a restore: whatever the log began since is another one.
            later = (each.since for each in lineage.incarnations[1:] if each.since < one.position)
            parted.append(min(later, default=None))
    known = [position for position in parted if position is not None]
    return min(known) if len(known) == len(parted) else None
