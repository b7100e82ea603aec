"""What somebody leaves behind: the open items that the holder of an assignment holds, and how they move."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from aggregates.circumstances import Circumstances
from aggregates.histories import handed, held_kind, life_of
from aggregates.responsibility.state import Accountable, Assignment
from events.base import Event
from events.lives import is_late, is_open, life_at
from events.responsibility import HandoverProposed, InventoryItem
from events.vocabulary.identifiers import SELF, Subject
from events.vocabulary.items import HELD

ACCOUNT_MANAGER = "account_manager"
"""The role that answers for every item of a customer that nobody else was assigned."""


def has_item(state: Accountable, subject: Subject) -> bool:
    """Whether a subject is the stream itself or an item inside it."""
    history = state.histories.get(subject)
    return subject == SELF or bool(history and history.told)


def inventory(
    state: Accountable, leaver: Assignment, at: datetime, circumstances: Circumstances
) -> tuple[InventoryItem, ...]:
    """The items, open at an instant, that the holder of an assignment would leave behind.

    An item belongs to whoever is assigned to it; else to whom it was handed; else to the account manager.
    """
    if leaver.original.subject != SELF:
        return ()
    # What is open now is what was open at an instant to come; what was open in the past may have ended since.
    known = state.histories if circumstances.is_past(at) else state.open_items
    items = sorted((order, subject) for subject in known if (order := _order(state, subject)) is not None)
    return tuple(entry for _, subject in items if (entry := _entry(state, subject, leaver, at)) is not None)


def _order(state: Accountable, subject: str) -> tuple[int, int] | None:
    kind = held_kind(subject)
    told = state.histories[subject].told
    return (HELD.index(kind), told[0].version) if kind and told else None


def _entry(state: Accountable, subject: str, leaver: Assignment, at: datetime) -> InventoryItem | None:
    kind, history = held_kind(subject), state.histories[subject]
    part = life_at(life_of(history.told, kind), at) if kind else None
    if kind is None or part is None or not is_open(kind, part):
        return None
    assigned = state.responsibilities.holding(subject, at)
    mine = next((one for one in assigned if one.person == leaver.person and one.since < at), None)
    last = handed(history.told)
    keeper = getattr(last, str(last.hands)) if last else None
    left = not assigned and keeper is None and leaver.original.role == ACCOUNT_MANAGER
    if mine is None and keeper != leaver.person and not left:
        return None
    return InventoryItem(
        item=subject,
        due_at=part.due_at,
        overdue=is_late(kind, part, at),
        assignment_id=mine.id if mine else None,
    )


def moved(state: Accountable, items: tuple[InventoryItem, ...], proposal: HandoverProposed) -> Iterator[Event]:
    """What hands the items of an inventory to the successor, besides their assignments.

    What was handed to somebody else stays where it is.
    """
    for _, last in _handed_to_leaver(state, items, proposal):
        if not last.opens:
            at = max(proposal.effective_at, getattr(last, last.occurs))
            yield last.model_copy(update={last.hands: proposal.to_person, last.occurs: at})


def kept_since_opened(
    state: Accountable, items: tuple[InventoryItem, ...], proposal: HandoverProposed
) -> Iterator[Subject]:
    """The items that are the leaver's since they were opened, and that nobody is assigned to.

    An item is opened once: to say that again for the successor would begin its life anew.
    """
    for item, last in _handed_to_leaver(state, items, proposal):
        if last.opens and not state.responsibilities.holding(item, proposal.effective_at):
            yield item


def _handed_to_leaver(
    state: Accountable, items: tuple[InventoryItem, ...], proposal: HandoverProposed
) -> Iterator[tuple[Subject, Any]]:
    for item in items:
        last: Any = handed(state.histories[item.item].told)
        if last is not None and getattr(last, last.hands) == proposal.from_person:
            yield item.item, last
