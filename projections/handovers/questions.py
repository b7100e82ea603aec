"""What can be asked of handovers."""

from projections.lives.questions import lived
from projections.pages import Listing, Order

_BY_TIME = {"h.effective_at": "timestamptz", "h.handover_id": "uuid"}

HANDOVERS = Listing(
    columns=(
        "h.handover_id, h.stream, h.assignment_id, h.from_person, h.to_person, h.effective_at, l.status, "
        "CASE l.status WHEN 'accepted' THEN h.inventory ELSE h.proposed END AS inventory, h.events"
    ),
    source=f"view_handovers.handovers AS h JOIN view_lives.lives AS l ON {lived('handover', 'h.handover_id', 'l')}",
    row="h",
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
