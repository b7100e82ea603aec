"""Lists of what somebody holds look up once what that is, and ask no other row who holds it."""

import json
from typing import Any
from uuid import uuid4

import pytest

from commands.base import Command
from commands.customer.commitments import MakeCommitment
from commands.customer.complaints import AssignComplaint, ReceiveComplaint
from commands.responsibility import AssignResponsibility
from events.vocabulary.identifiers import (
    AssignmentId,
    CommitmentId,
    ComplaintId,
    CustomerId,
    PersonId,
)
from projections.customer.commitments.questions import COMMITMENTS
from projections.customer.complaints.questions import COMPLAINTS
from projections.pages import Listing
from services.application import Zeren
from tests.domain.people import HUADONG, LIN, WANG, on
from tests.views.recording import Book

OTHER = CustomerId(uuid4())
MANY = 60


def holds(person: PersonId, item: str = "self", role: str = "account_manager") -> AssignResponsibility:
    return AssignResponsibility(
        assignment_id=AssignmentId(uuid4()),
        role=role,
        person=person,
        involvement="accountable",
        since=on("2025-01-01"),
        until=None,
        subject=item,
    )


def promise() -> MakeCommitment:
    return MakeCommitment(commitment_id=CommitmentId(uuid4()), text="交付备件", due_at=on("2025-06-01"), by="us")


def complaint() -> ReceiveComplaint:
    return ReceiveComplaint(
        complaint_id=ComplaintId(uuid4()),
        received_at=on("2025-03-10 10:00"),
        channel="phone",
        severity="low",
        content="备件错发",
    )


@pytest.fixture
def book(zeren: Zeren) -> Book:
    """Two customers: LIN has the one with many items, WANG the other, and single items of the first."""
    book = Book(zeren)
    book.everybody()
    book.customer(HUADONG)
    book.customer(OTHER)
    handed, led = complaint(), promise()
    many: list[Command] = [make() for make in (promise, complaint) for _ in range(MANY)]
    book.record("customer", HUADONG, holds(LIN), *many, handed, led)
    hand = AssignComplaint(complaint_id=handed.complaint_id, person=WANG, at=on("2025-03-10 11:00"))
    book.record("customer", HUADONG, hand, holds(WANG, f"commitment:{led.commitment_id}", "technical_support"))
    book.record("customer", OTHER, holds(WANG), promise(), complaint())
    return book


def looked_up(plan: dict[str, Any]) -> int:
    """How often the holdings were looked up."""
    own = plan["Actual Loops"] if plan.get("Relation Name") == "holdings" else 0
    return int(own) + sum(looked_up(part) for part in plan.get("Plans", ()))


@pytest.mark.parametrize(("listing", "of_lin"), [(COMMITMENTS, MANY), (COMPLAINTS, MANY)])
def test_a_list_by_holder_is_what_every_row_says_of_itself(book: Book, listing: Listing, of_lin: int) -> None:
    rows = book.rows(listing.query(), limit=1000)
    for person, count in ((LIN, of_lin), (WANG, 2)):
        held = book.rows(listing.query(["holder"]), limit=1000, holder=person)
        assert held == [row for row in rows if person in row["holders"]]
        assert len(held) == count


@pytest.mark.parametrize("listing", [COMMITMENTS, COMPLAINTS])
def test_rows_of_others_are_not_asked(book: Book, listing: Listing) -> None:
    moment = book.moment(effective_at=on("2025-05-01"))
    asked = {"at": moment.effective_at, "known": moment.known_position, "holder": WANG, "limit": 1000}
    with book.zeren.database.connection() as connection:
        query = f"EXPLAIN (ANALYZE, FORMAT JSON) {listing.query(['holder'])}"
        row = connection.execute(query.encode(), asked).fetchone()
    assert row is not None
    plan = row[0] if isinstance(row[0], list) else json.loads(row[0])
    assert looked_up(plan[0]["Plan"]) < MANY
