"""What can be asked of the audit trail."""

from projections.numbers import is_text
from projections.pages import Listing, Order

_BY_POSITION = {"e.position": "bigint"}

ENTRIES = Listing(
    columns=(
        "e.event_id, e.position, e.stream, e.version, e.name, e.item, e.recorded_at, e.occurred_at, e.actor, "
        "e.on_behalf_of, e.reason, e.correlation_id, e.causation_id, e.trust, e.batch, e.source_row, "
        "e.source_recorded_at, e.data, e.changes"
    ),
    source="view_audit.entries AS e",
    row="e",
    filters={
        "stream": is_text("e.stream", "%(stream)s"),
        "item": is_text("e.item", "%(item)s"),
        "actor": is_text("e.actor", "%(actor)s"),
        "name": is_text("e.name", "%(name)s"),
        "from": "e.recorded_at >= %(from)s",
        "to": "e.recorded_at < %(to)s",
        "correlation": "e.correlation_id = %(correlation)s",
    },
    orders={"position": Order(_BY_POSITION), "-position": Order(_BY_POSITION, descending=True)},
)
"""The audit trail in the order of the log."""

_ENTRY = (
    "SELECT event_id, position, stream, name, recorded_at, actor, on_behalf_of, reason, trust, batch, source_row, "
    "source_recorded_at, data FROM view_audit.entries"
)
ENTRIES_BY_ID = f"{_ENTRY} WHERE event_id = ANY(%(ids)s) ORDER BY position"
"""ids → entries of the audit trail, oldest first."""

ENTRIES_AT = f"{_ENTRY} WHERE position = ANY(%(positions)s) ORDER BY position"
"""positions → entries of the audit trail, oldest first."""

_OF_STREAM = f"{_ENTRY} WHERE {is_text('stream', '%(stream)s')}"

LATEST_ENTRIES = f"{_OF_STREAM} AND position < %(before)s ORDER BY position DESC LIMIT %(limit)s"
"""stream, before, limit → entries of a stream below a position, newest first."""

FIRST_ENTRY = f"{_OF_STREAM} ORDER BY position LIMIT 1"
"""stream → the entry that the stream began with."""
