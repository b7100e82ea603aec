"""What can be asked of complaints."""

from projections.attribution.holders import ACCOUNT_MANAGER
from projections.holders import held_by, item_holders
from projections.pages import Listing, Order, known

_ASSIGNED = (
    "(SELECT ARRAY[(e.holder ->> 'person')::uuid] "
    "FROM jsonb_array_elements(c.holders) WITH ORDINALITY AS e (holder, n) "
    "WHERE (e.holder ->> 'at')::timestamptz <= %(at)s ORDER BY (e.holder ->> 'at')::timestamptz DESC, e.n DESC LIMIT 1)"
)
_HANDED = (
    "c.complaint_id = ANY(ARRAY(SELECT h.complaint_id FROM view_cases.handed AS h "
    "WHERE h.person = %(holder)s AND h.known_from <= %(known)s))"
)
"""Whether the complaint was ever handed to the person."""
_HOLDERS = item_holders("complaint", "c", _ASSIGNED)
"""Who keeps the complaint at the instant `at`."""

_OVERDUE = "(c.status = 'open' AND c.waiting_since IS NULL AND c.resolution_due_at <= %(at)s)"
_BY_RECEIPT = {"c.received_at": "timestamptz", "c.complaint_id": "uuid"}
_BY_DUE = {"c.resolution_due_at": "timestamptz", "c.complaint_id": "uuid"}

COMPLAINTS = Listing(
    columns=(
        "c.complaint_id, c.customer_id, c.received_at, c.channel, c.severity, c.content, c.contact, c.tier, "
        "c.policy_version, c.calendar_version, c.first_response_minutes, c.resolution_minutes, "
        "c.first_response_due_at, c.resolution_due_at, c.provisional, c.status, c.acknowledged_at, c.resolved_at, "
        "c.closed_at, c.waiting_since, c.holders AS assignments, c.pauses, c.escalations, c.solution, c.reopened, "
        f"{_OVERDUE} AS overdue, {_HOLDERS} AS holders, c.events"
    ),
    source="view_complaints.complaints AS c",
    row="c",
    filters={
        "customer": "c.customer_id = %(customer)s",
        "status": "c.status = %(status)s",
        "severity": "c.severity = %(severity)s",
        "holder": held_by("complaint", "c", _HOLDERS, _HANDED),
        "waiting": "(c.waiting_since IS NOT NULL) = %(waiting)s",
        "overdue": f"{_OVERDUE} = %(overdue)s",
        "from": "c.received_at >= %(from)s",
        "to": "c.received_at < %(to)s",
    },
    orders={
        "-received_at": Order(_BY_RECEIPT, descending=True),
        "received_at": Order(_BY_RECEIPT),
        "resolution_due_at": Order(_BY_DUE),
        "-resolution_due_at": Order(_BY_DUE, descending=True),
    },
)
"""Complaints with who keeps them and whether their resolution is overdue, both at the instant `at`."""

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

_UNANSWERED = (
    "(acknowledged_at IS NULL OR acknowledged_at > first_response_due_at) "
    """AND NOT escalations @> '[{"clock": "first_response"}]' """
    "AND (resolved_at IS NULL OR resolved_at > first_response_due_at) "
    "AND NOT EXISTS (SELECT FROM jsonb_array_elements(pauses) AS pause (pause) WHERE pause ->> 'why' = 'resolved' "
    "AND (pause ->> 'since')::timestamptz <= first_response_due_at)"
)
"""Nobody had answered when the first response was due: a solution is an answer too, though the customer came back."""


def _run_out(after: str = "") -> str:
    return (
        "SELECT customer_id, complaint_id, 'first_response' AS clock, first_response_due_at AS due_at "
        "FROM view_complaints.complaints WHERE known_to IS NULL "
        f"AND {_UNANSWERED} AND first_response_due_at <= %(now)s "
        f"{after.format(due_at='first_response_due_at', clock='first_response')}"
        "UNION ALL "
        "SELECT customer_id, complaint_id, 'resolution', resolution_due_at "
        "FROM view_complaints.complaints WHERE known_to IS NULL AND waiting_since IS NULL "
        "AND (resolved_at IS NULL OR resolved_at > resolution_due_at) "
        """AND NOT escalations @> '[{"clock": "resolution"}]' AND resolution_due_at <= %(now)s """
        f"{after.format(due_at='resolution_due_at', clock='resolution')}"
        "ORDER BY due_at, complaint_id, clock LIMIT %(limit)s"
    )


RUN_OUT = _run_out()
"""now, limit → complaints whose clock ran out and that were not yet escalated for it, the earliest first."""

RUN_OUT_LATER = _run_out("AND ({due_at}, complaint_id, '{clock}') > (%(due_at)s, %(complaint_id)s, %(clock)s) ")
"""now, limit, and the last row of the page before → the next page."""
