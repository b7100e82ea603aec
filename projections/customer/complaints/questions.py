"""What can be asked of complaints."""

from projections.attribution.holders import ACCOUNT_MANAGER
from projections.handed import ever_handed_to, handed_to
from projections.holders import held_by, item_holders
from projections.lives.questions import late, lived, pending_late
from projections.pages import Listing, Order, known

_HOLDERS = item_holders("complaint", "c", handed_to("'complaint'", "c.complaint_id"))
"""Who keeps the complaint at the instant `at`."""

_STATUS = "CASE l.status WHEN 'waiting' THEN 'open' ELSE l.status END"
"""Who waits on the customer has it open still."""
_BY_RECEIPT = {"c.received_at": "timestamptz", "c.complaint_id": "uuid"}
_BY_DUE = {"d.due": "timestamptz", "c.complaint_id": "uuid"}

COMPLAINTS = Listing(
    columns=(
        "c.complaint_id, c.customer_id, c.received_at, c.channel, c.severity, c.content, c.contact, c.tier, "
        "c.policy_version, c.calendar_version, c.first_response_minutes, c.resolution_minutes, "
        "c.first_response_due_at, c.provisional, c.changes, l.due_at AS binding_due_at, d.due, "
        f"{_STATUS} AS status, c.holders AS assignments, {late('l')} AS overdue, {_HOLDERS} AS holders, c.events"
    ),
    source=(
        f"view_complaints.complaints AS c JOIN view_lives.lives AS l ON {lived('complaint', 'c.complaint_id', 'l')} "
        # Nothing lives before it was received: said again, so that an index knows where to begin.
        "AND c.received_at <= %(at)s "
        "CROSS JOIN LATERAL (SELECT coalesce(l.due_at, c.resolution_due_at) AS due) AS d"
    ),
    row="c",
    stream="'customer:' || c.customer_id",
    filters={
        "customer": "c.customer_id = %(customer)s",
        "status": f"{_STATUS} = %(status)s",
        "severity": "c.severity = %(severity)s",
        "holder": held_by("complaint", "c", _HOLDERS, ever_handed_to("c.complaint_id")),
        "waiting": "(l.status = 'waiting') = %(waiting)s",
        "overdue": f"{late('l')} = %(overdue)s",
        "from": "c.received_at >= %(from)s",
        "to": "c.received_at < %(to)s",
    },
    orders={
        "-received_at": Order(_BY_RECEIPT, descending=True),
        "received_at": Order(_BY_RECEIPT),
        "resolution_due_at": Order(_BY_DUE),
        "-resolution_due_at": Order(_BY_DUE, descending=True),
    },
    found={"overdue": pending_late("l")},
)
"""Complaints that were received by the instant `at`, with their status, the due time that binds, whether their
resolution is overdue and who keeps them, all at that instant; `effective.complaint_at` says the rest.
While one waits on the customer, no due time binds: it is sorted by its last."""

ONE = COMPLAINTS.one("complaint_id")
"""id, at, known → the complaint."""

ROW = f"SELECT * FROM view_complaints.complaints AS c WHERE c.complaint_id = %(id)s AND {known('c')}"
"""id, known → the complaint's row, for its clocks."""

HELD = (
    "SELECT h.person, h.assignment_id, h.kind, h.involvement, h.since, h.until, h.subject, h.events "
    "FROM view_responsibility.holdings AS h "
    "WHERE (h.subject = 'complaint:' || %(id)s::uuid "
    f"OR (h.subject = 'customer:' || %(customer)s::uuid AND h.role = '{ACCOUNT_MANAGER}')) "
    f"AND {known('h')} ORDER BY h.since, h.kind DESC, h.holding_id"
)
"""id, customer, known → the intervals of those assigned to the complaint and of the customer's account managers."""

NAME = "SELECT content AS name FROM view_complaints.complaints WHERE complaint_id = %(id)s AND known_to IS NULL"
"""id → what the customer complained of, as known now."""
