"""What can be asked of commitments."""

from projections.holders import held_by, item_holders
from projections.lives.questions import late, lived, pending_late
from projections.pages import Listing, Order

_HOLDERS = item_holders("commitment", "c")
"""Who answers for the commitment at the instant `at`."""

_BY_DUE = {"l.due_at": "timestamptz", "c.commitment_id": "uuid"}

COMMITMENTS = Listing(
    columns=(
        "c.commitment_id, c.customer_id, c.text, c.by_side AS by, l.due_at, c.first_due_at, c.made_at, c.promised_by, "
        "c.promised_to, c.origin, l.status, c.ended_at, c.fell_due_at, c.reschedules, "
        f"{late('l')} AS overdue, {_HOLDERS} AS holders, c.events"
    ),
    source=(
        f"view_commitments.commitments AS c JOIN view_lives.lives AS l ON {lived('commitment', 'c.commitment_id', 'l')}"
    ),
    row="c",
    stream="'customer:' || c.customer_id",
    filters={
        "customer": "c.customer_id = %(customer)s",
        "status": "l.status = %(status)s",
        "by": "c.by_side = %(by)s",
        "promised_by": "c.promised_by = %(promised_by)s",
        "holder": held_by("commitment", "c", _HOLDERS),
        "overdue": f"{late('l')} = %(overdue)s",
        "due_from": "l.due_at >= %(due_from)s",
        "due_to": "l.due_at < %(due_to)s",
    },
    orders={"due_at": Order(_BY_DUE), "-due_at": Order(_BY_DUE, descending=True)},
    found={"overdue": pending_late("l")},
)
"""Commitments that were made by the instant `at`, with their status, the due time that binds, whether they are overdue
and who holds them, all at that instant; see `effective.commitment_at` for what else lies after it."""

ONE = COMMITMENTS.one("commitment_id")
"""id, at, known → the commitment."""

NAME = "SELECT text AS name FROM view_commitments.commitments WHERE commitment_id = %(id)s AND known_to IS NULL"
"""id → what was promised, as known now."""
