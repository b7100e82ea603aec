"""What can be asked of handovers."""

from projections.lives.questions import lived
from projections.pages import Listing, Order

_BY_TIME = {"h.effective_at": "timestamptz", "h.handover_id": "uuid"}

HANDOVERS = Listing(
    columns=(
        "h.handover_id, h.stream, h.assignment_id, h.from_person, h.to_person, h.effective_at, l.status, "
        "CASE l.status WHEN 'accepted' THEN h.inventory ELSE h.proposed END AS inventory, h.moves, h.events"
    ),
    source=f"view_handovers.handovers AS h JOIN view_lives.lives AS l ON {lived('handover', 'h.handover_id', 'l')}",
    row="h",
    stream="h.stream",
    filters={
        "stream": "h.stream = %(stream)s",
        "status": "l.status = %(status)s",
        "from_person": "h.from_person = %(from_person)s",
        "to_person": "h.to_person = %(to_person)s",
    },
    orders={"-effective_at": Order(_BY_TIME, descending=True), "effective_at": Order(_BY_TIME)},
)
"""Handovers that were proposed by the instant `at`, and how far they had got then, the latest first."""

ONE = HANDOVERS.one("handover_id")
"""id, at, known → the handover."""

OF_ROLES = (
    "SELECT handover.handover_id, handover.from_person, handover.to_person, handover.effective_at, handover.status, "
    "handover.events, holding.role FROM view_handovers.handovers AS handover "
    "JOIN LATERAL (SELECT role, subject FROM view_responsibility.holdings "
    "WHERE holding_id = handover.assignment_id ORDER BY known_from LIMIT 1) AS holding ON true "
    "WHERE handover.stream = %(subject)s AND holding.subject = %(subject)s AND handover.known_from <= %(known)s "
    "AND (handover.known_to IS NULL OR handover.known_to > %(known)s) ORDER BY handover.effective_at"
)
"""subject, known → handovers of the roles of a customer or project."""

NAME = (
    "SELECT from_person, to_person FROM view_handovers.handovers WHERE handover_id = %(id)s ORDER BY known_from LIMIT 1"
)
"""id → from whom to whom, as first recorded."""
