"""The page of one customer: the responsibility timeline, who holds what, and what happened."""

from datetime import datetime, time
from uuid import UUID

from events.vocabulary.values import bounded
from services.review.customers import customers
from services.review.lanes import Span
from services.review.rendering import Page
from services.review.timeline import timeline
from services.review.visitor import PageError, Visitor

_LATEST = 20
_NEWEST = 2**62


def _window(visitor: Visitor) -> Span | None:
    """The part of time that the address asks for; none for all of it."""
    since, until = visitor.instant("from"), visitor.instant("to")
    return Span(since, until) if since and until and since < until else None


def customer_page(visitor: Visitor, identifier: str) -> Page:
    """One customer at the effective and known time that the address asks for."""
    try:
        customer_id = UUID(identifier)
    except ValueError as unreadable:
        raise PageError(404, "customer") from unreadable
    known_at = visitor.instant("known_at")
    moment = visitor.moment(visitor.instant("effective_at"), known_at)
    found = customers(visitor, identifier=customer_id)
    if not found:
        raise PageError(404, "customer")
    customer = found[0]
    subject = f"customer:{customer_id}"
    registered = customer["registered_on"]
    since = datetime.combine(bounded(registered), time(), visitor.zone) if registered else None
    values = {
        "customer": customer,
        "subject": subject,
        "timeline": timeline(visitor, subject, moment, known_at, {"account_manager": since}, _window(visitor)),
        "known_at": known_at,
        "effective_at": visitor.instant("effective_at"),
    }
    if visitor.wants_part:
        return Page("_moment.html", values)
    before = visitor.number("before", _NEWEST) if visitor.asked("before") else _NEWEST
    history = visitor.proof.latest(subject, before, _LATEST + 1)
    return Page("customer.html", {**values, "history": history[:_LATEST], "more": len(history) > _LATEST})
