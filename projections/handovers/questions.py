"""What can be asked of handovers."""

from projections.pages import Listing, Order

_BY_TIME = {"h.effective_at": "timestamptz", "h.handover_id": "uuid"}

HANDOVERS = Listing(
    columns=(
        "h.handover_id, h.stream, h.assignment_id, h.from_person, h.to_person, h.effective_at, h.status, h.inventory, "
        "h.events"
    ),
    source="view_handovers.handovers AS h",
    row="h",
    filters={
        "stream": "h.stream = %(stream)s",
        "status": "h.status = %(status)s",
        "from_person": "h.from_person = %(from_person)s",
        "to_person": "h.to_person = %(to_person)s",
    },
    orders={"-effective_at": Order(_BY_TIME, descending=True), "effective_at": Order(_BY_TIME)},
)
"""Handovers, the latest first."""

ONE = HANDOVERS.one("handover_id")
"""id, known → the handover."""
