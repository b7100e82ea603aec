"""What can be asked of contacts with customers."""

from projections.pages import Listing, Order

_BY_TIME = {"c.at": "timestamptz", "c.contact_id": "uuid", "c.event": "uuid"}

CONTACTS = Listing(
    columns=(
        "c.contact_id, c.customer_id, c.kind, c.at, c.channel, c.direction, c.our_attendees, c.customer_attendees, "
        "c.purpose, c.content, c.feedback, c.result, c.event"
    ),
    source="view_contacts.contacts AS c",
    row="c",
    stream="'customer:' || c.customer_id",
    filters={
        "customer": "c.customer_id = %(customer)s",
        "kind": "c.kind = %(kind)s",
        "channel": "c.channel = %(channel)s",
        "person": "%(person)s = ANY(c.our_attendees)",
        "from": "c.at >= %(from)s",
        "to": "c.at < %(to)s",
    },
    orders={"-at": Order(_BY_TIME, descending=True), "at": Order(_BY_TIME)},
)
"""Visits and interactions, the newest first; `person` took part for us."""
