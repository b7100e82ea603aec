"""One role, told from single rows where that settles it, and by both times where it does not: never another answer."""

from datetime import datetime, timedelta
from uuid import UUID, uuid4

import pytest

from events.base import Event
from events.responsibility import (
    DelegationGranted,
    ResponsibilityAssigned,
    ResponsibilityCorrected,
    ResponsibilityEnded,
)
from events.vocabulary.identifiers import AssignmentId, DelegationId
from projections.responsibility import questions
from projections.responsibility.rows import post_of
from services.application import Zeren
from services.questions.responsibility import Question, ask
from tests.domain.people import HUADONG, LIN, WANG, ZHAO, on
from tests.views.recording import Book

SUBJECT = f"customer:{HUADONG}"
ROLE = "account_manager"
FIRST, SECOND, THIRD = (AssignmentId(UUID(int=number, version=4)) for number in (1, 2, 3))
_OF_POST = questions.answer_of_post("$3::bigint")


@pytest.fixture
def book(zeren: Zeren) -> Book:
    """A ledger with 华东机械 in it."""
    book = Book(zeren)
    book.customer(HUADONG)
    return book


def assigned(
    assignment: AssignmentId, person: object, since: str, until: str | None = None, *, exclusive: bool = True
) -> ResponsibilityAssigned:
    return ResponsibilityAssigned.model_validate(
        {
            "assignment_id": assignment,
            "subject": "self",
            "role": ROLE,
            "person": person,
            "involvement": "accountable",
            "since": on(since),
            "until": None if until is None else on(until),
            "exclusive": exclusive,
        }
    )


def corrected(person: object, since: str, until: str | None) -> ResponsibilityCorrected:
    return ResponsibilityCorrected.model_validate(
        {
            "assignment_id": FIRST,
            "corrects": uuid4(),
            "person": person,
            "since": on(since),
            "until": None if until is None else on(until),
        }
    )


def seen(book: Book, *events: Event) -> None:
    for event in events:
        book.plant("customer", HUADONG, event)
    book.zeren.runner.catch_up()


def settled(book: Book, at: datetime, known: int) -> bool | None:
    """What the post's own rows say: null, nothing else is there; true, ends that were corrected; false, others."""
    rows = book.zeren.views.database.asking.rows(_OF_POST, (post_of(SUBJECT, ROLE), at, known))
    found: bool | None = rows[0][2]
    return found


def holders(book: Book, at: datetime, known: int) -> list[UUID]:
    """The answer, which is that of all roles together, where both times are gone by."""
    answers = [
        ask(book.zeren.views, Question(SUBJECT, role, at, known_position=known)).holders for role in (ROLE, None)
    ]
    assert answers[0] == answers[1]
    return [holder.person for holder in answers[0]]


def test_what_had_no_end_then_is_found_long_after_it_ended(book: Book) -> None:
    seen(book, assigned(FIRST, LIN, "2025-01-01"))
    open_ended = book.position
    seen(book, ResponsibilityEnded(assignment_id=FIRST, until=on("2025-02-01")), assigned(SECOND, WANG, "2025-02-01"))
    at = on("2025-06-01")
    assert settled(book, at, open_ended) is None
    assert holders(book, at, open_ended) == [LIN]
    assert holders(book, at, open_ended + 1) == []
    assert holders(book, at, book.position) == [WANG]
    assert holders(book, on("2025-01-31"), book.position) == [LIN]
    assert holders(book, at, open_ended - 1) == []


def test_an_assignment_that_is_over_as_it_begins_hides_nobody(book: Book) -> None:
    seen(
        book,
        assigned(FIRST, LIN, "2025-01-01", "2025-12-31"),
        assigned(SECOND, WANG, "2025-03-01", "2025-03-01"),
        assigned(THIRD, ZHAO, "2025-01-01", "2025-01-01"),
    )
    assert settled(book, on("2025-04-01"), book.position) is None
    assert holders(book, on("2025-04-01"), book.position) == [LIN]
    assert holders(book, on("2025-01-01"), book.position) == [LIN]


def test_an_end_that_was_corrected_is_found_as_it_was_known(book: Book) -> None:
    seen(book, assigned(FIRST, LIN, "2025-01-01", "2025-02-01"))
    before = book.position
    seen(book, corrected(WANG, "2025-03-01", "2025-04-01"))
    assert settled(book, on("2025-01-15"), before) is True
    assert holders(book, on("2025-01-15"), before) == [LIN]
    assert holders(book, on("2025-01-15"), book.position) == []
    assert holders(book, on("2025-03-15"), before) == []
    assert holders(book, on("2025-03-15"), book.position) == [WANG]


def test_a_delegate_and_who_shares_the_role_are_named_beside_the_principal(book: Book) -> None:
    seen(book, assigned(FIRST, LIN, "2025-01-01"))
    alone = book.position
    assert settled(book, on("2025-01-15"), alone) is None
    granted = DelegationGranted.model_validate(
        {
            "delegation_id": DelegationId(uuid4()),
            "assignment_id": FIRST,
            "to_person": WANG,
            "since": on("2025-01-10"),
            "until": on("2025-01-20"),
        }
    )
    seen(book, granted)
    assert settled(book, on("2025-01-15"), book.position) is False
    assert holders(book, on("2025-01-15"), book.position) == [LIN, WANG]
    assert holders(book, on("2025-01-15"), alone) == [LIN]
    seen(book, assigned(SECOND, ZHAO, "2025-01-01", exclusive=False))
    assert set(holders(book, on("2025-01-15"), book.position)) == {LIN, WANG, ZHAO}
    assert holders(book, on("2025-01-01") - timedelta(seconds=1), book.position) == []
