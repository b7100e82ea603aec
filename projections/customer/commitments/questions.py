"""What can be asked of commitments."""

from projections.holders import held_by, item_holders
from projections.pages import Listing, Order

_HOLDERS = item_holders("commitment", "c")
"""Who answers for the commitment at the instant `at`."""

_BY_DUE = {"c.due_at": "timestamptz", "c.commitment_id": "uuid"}

COMMITMENTS = Listing(
    columns=(
        "c.commitment_id, c.customer_id, c.text, c.by_side AS by, c.due_at, c.first_due_at, c.made_at, c.promised_by, "
        "c.promised_to, c.origin, c.status, c.ended_at, c.fell_due_at, c.reschedules, "
        f"(c.status = 'open' AND c.due_at <= %(at)s) AS overdue, {_HOLDERS} AS holders, c.events"
    ),
    source="view_commitments.commitments AS c",
    row="c",
    filters={
        "customer": "c.customer_id = %(customer)s",
        "status": "c.status = %(status)s",
        "by": "c.by_side = %(by)s",
        "promised_by": "c.promised_by = %(promised_by)s",
        "holder": held_by("commitment", "c", _HOLDERS),
        "overdue": "(c.status = 'open' AND c.due_at <= %(at)s) = %(overdue)s",
        "due_from": "c.due_at >= %(due_from)s",
        "due_to": "c.due_at < %(due_to)s",
    },
    orders={"due_at": Order(_BY_DUE), "-due_at": Order(_BY_DUE, descending=True)},
)
"""Commitments with who holds them and whether they are overdue, both at the instant `at`."""

ONE = COMMITMENTS.one("commitment_id")
"""id, at, known → the commitment."""


def _falling_due(after: str = "") -> str:
    return (
        "SELECT customer_id, commitment_id, due_at FROM view_commitments.commitments "
        "WHERE known_to IS NULL AND (ended_at IS NULL OR ended_at > due_at) AND fell_due_at IS DISTINCT FROM due_at "
        f"AND due_at <= %(now)s {after}ORDER BY due_at, commitment_id LIMIT %(limit)s"
    )


FALLING_DUE = _falling_due()
"""now, limit → commitments that were open when they reached their due time, which is not yet recorded, the earliest
first; one that was kept late before anybody looked is among them."""

FALLING_DUE_LATER = _falling_due("AND (due_at, commitment_id) > (%(due_at)s, %(commitment_id)s) ")
"""now, limit, and the last row of the page before → the next page."""

NAME = "SELECT text AS name FROM view_commitments.commitments WHERE commitment_id = %(id)s AND known_to IS NULL"
"""id → what was promised, as known now."""
