"""Whatever is put right is right in every view from then on, and stays as it was believed before."""

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

import pytest

from commands.customer.commitments import FulfilCommitment, RescheduleCommitment
from commands.customer.tier import AssignTier
from commands.customer.visits import RecordVisit
from commands.person.directory import DeactivatePerson
from events.base import Event
from events.customer.commitments import CommitmentFulfilled, CommitmentMade, CommitmentRescheduled
from events.customer.tier import TierAssigned
from events.customer.visits import VisitRecorded
from events.facts import FactCorrected, FactWithdrawn
from events.person.directory import PersonDeactivated
from events.recorded import Recorded
from events.vocabulary.identifiers import StreamId, VisitId, stream_id
from projections.audit.questions import ENTRIES
from projections.customer.commitments import questions as commitments
from projections.customer.contacts.questions import CONTACTS
from projections.customer.profile import questions as customers
from projections.person.directory import questions as people
from services.application import Zeren
from services.projector.rebuild import rebuild_together
from tests.domain.people import HUADONG, LIN, WANG, on
from tests.views.facts import item_of, plant
from tests.views.recording import Book
from tests.views.test_questions import promise

CUSTOMER = stream_id("customer", HUADONG)


@pytest.fixture
def book(zeren: Zeren) -> Book:
    """A ledger with 华东机械 and everybody in it."""
    book = Book(zeren)
    book.everybody()
    book.customer(HUADONG)
    return book


def recorded(book: Book, kind: type[Event], stream: StreamId = CUSTOMER) -> Recorded:
    """The last event of a class."""
    return [one for one in book.zeren.ledger.read_stream(stream) if one.kind is kind][-1]


def written(book: Book, stream: StreamId, event: Event) -> None:
    """Append an event past all rules."""
    plant(book.zeren, stream, event)
    book.position = book.zeren.ledger.size()


def put_right(book: Book, wrong: Recorded, **truth: Any) -> UUID:
    """Correct an event, or withdraw it where no truth is given."""
    item = item_of(wrong.event)
    told = book.zeren.ledger.read_stream(wrong.stream)
    about = [one for one in told if getattr(one.event, "item", None) == item or item_of(one.event) == item]
    history = tuple(one.version for one in about if not one.event.event_name.startswith("responsibility."))
    common: dict[str, Any] = {
        "corrects": wrong.id,
        "version": wrong.version,
        "item": item,
        "history": history,
        "fact": wrong.event.event_name,
    }
    fact: Event = FactWithdrawn(**common)
    if truth:
        said = {**wrong.event.model_dump(mode="json"), **truth}
        fact = FactCorrected(**common, shape=wrong.kind.class_version, truth=said)
    written(book, wrong.stream, fact)
    return book.zeren.ledger.read(book.position - 1, 1)[0].id


def test_a_fulfilment_is_corrected_and_then_withdrawn(book: Book) -> None:
    made = promise("2025-03-31")
    key = made.commitment_id
    kept = FulfilCommitment(commitment_id=key, fulfilled_at=on("2025-04-15"))
    position = book.record("customer", HUADONG, made, kept)
    wrong = recorded(book, CommitmentFulfilled)
    correction = put_right(book, wrong, fulfilled_at=on("2025-03-30").isoformat())
    (now,) = book.rows(commitments.ONE, id=key)
    assert (now["status"], now["ended_at"]) == ("fulfilled", on("2025-03-30"))
    assert now["events"][-1] == correction
    (then,) = book.rows(commitments.ONE, book.moment(effective_at=on("2025-04-02")), id=key)
    (believed,) = book.rows(
        commitments.ONE, book.moment(effective_at=on("2025-04-02"), known_position=position), id=key
    )
    assert (then["overdue"], believed["overdue"], believed["ended_at"]) == (False, True, on("2025-04-15"))
    withdrawal = put_right(book, wrong)
    (open_again,) = book.rows(commitments.ONE, id=key)
    assert (open_again["status"], open_again["ended_at"], open_again["overdue"]) == ("open", None, True)
    assert open_again["events"][-2:] == [correction, withdrawal]
    history = book.listed(ENTRIES, item=f"commitment:{key}")
    assert [one["name"] for one in history][-2:] == ["fact.corrected", "fact.withdrawn"]
    assert history[-2]["changes"] == {"ended_at": ["2025-04-14T16:00:00Z", "2025-03-29T16:00:00Z"]}
    assert history[-1]["changes"] == {"status": ["fulfilled", "open"], "ended_at": ["2025-03-29T16:00:00Z", None]}


def test_the_trail_goes_on_from_what_was_said_last_not_from_what_was_corrected_last(book: Book) -> None:
    made = promise("2025-03-31")
    move = RescheduleCommitment(commitment_id=made.commitment_id, due_at=on("2025-04-10"), agreed=True)
    book.record("customer", HUADONG, made, move)
    put_right(book, recorded(book, CommitmentMade), due_at=on("2025-03-20").isoformat(), text="交付两台样机")
    (row,) = book.rows(commitments.ONE, id=made.commitment_id)
    assert (row["first_due_at"], row["due_at"], row["text"]) == (on("2025-03-20"), on("2025-04-10"), "交付两台样机")
    later = promise("2025-04-20").model_copy(update={"commitment_id": made.commitment_id})
    rescheduled = CommitmentRescheduled(
        commitment_id=made.commitment_id, due_at=later.due_at, previous_due_at=on("2025-04-10"), agreed=True
    )
    written(book, stream_id("customer", HUADONG), rescheduled)
    changes = book.listed(ENTRIES, item=f"commitment:{made.commitment_id}")[-1]["changes"]
    assert changes["due_at"] == ["2025-04-09T16:00:00Z", "2025-04-19T16:00:00Z"]


def test_a_visit_is_corrected_where_rows_are_written_once(book: Book) -> None:
    visit = RecordVisit(
        visit_id=VisitId(uuid4()),
        visited_at=on("2025-03-10"),
        channel="face_to_face",
        our_attendees=(LIN,),
        customer_attendees=("孙经理",),
        content="季度拜访",
    )
    position = book.record("customer", HUADONG, visit)
    wrong = recorded(book, VisitRecorded)
    put_right(book, wrong, our_attendees=[str(WANG)], visited_at=on("2025-03-11").isoformat())
    put_right(book, wrong, content="季度拜访，参观产线")
    (now,) = book.listed(CONTACTS)
    assert (now["at"], now["our_attendees"], now["event"]) == (on("2025-03-10"), [LIN], wrong.id)
    assert now["content"] == "季度拜访，参观产线"
    (between,) = book.listed(CONTACTS, book.moment(known_position=position + 1))
    assert (between["at"], between["our_attendees"]) == (on("2025-03-11"), [WANG])
    (believed,) = book.listed(CONTACTS, book.moment(known_position=position))
    assert (believed["content"], believed["our_attendees"]) == ("季度拜访", [LIN])
    put_right(book, wrong)
    assert book.listed(CONTACTS) == []
    (entry, *_) = book.listed(ENTRIES, name="fact.corrected")
    assert (entry["item"], set(entry["changes"])) == (f"visit:{visit.visit_id}", {"our_attendees", "visited_at"})


def test_a_tier_and_a_leaving_date_are_corrected(book: Book) -> None:
    book.record("customer", HUADONG, AssignTier(tier="vip", since=on("2025-03-01")))
    put_right(book, recorded(book, TierAssigned), since=on("2025-05-01").isoformat())
    tiers = book.rows(customers.TIERS, customer=HUADONG)
    assert [(one["tier"], one["since"]) for one in tiers] == [("vip", on("2025-05-01"))]
    book.record("person", LIN, DeactivatePerson(since=on("2025-03-01")))
    stream = stream_id("person", LIN)
    put_right(book, recorded(book, PersonDeactivated, stream), since=on("2025-06-01").isoformat())
    (lin,) = book.rows(people.ONE, book.moment(effective_at=on("2025-04-01")), id=LIN)
    assert (lin["inactive_since"], lin["active"]) == (on("2025-06-01"), True)
    put_right(book, recorded(book, PersonDeactivated, stream))
    (lin,) = book.rows(people.ONE, id=LIN)
    assert (lin["inactive_since"], lin["active"]) == (None, True)


def test_what_opened_an_item_is_withdrawn_with_all_that_followed(book: Book) -> None:
    made = promise("2025-03-31")
    kept = FulfilCommitment(commitment_id=made.commitment_id, fulfilled_at=on("2025-04-15"))
    book.record("customer", HUADONG, made, kept)
    put_right(book, recorded(book, CommitmentMade))
    assert book.rows(commitments.ONE, id=made.commitment_id) == []
    put_right(book, recorded(book, CommitmentFulfilled))
    assert book.rows(commitments.ONE, id=made.commitment_id) == []
    assert book.zeren.database.rows("SELECT * FROM zeren.parked") == []
    assert rebuild_together(book.zeren.ledger, book.zeren.projections)


def test_of_several_events_that_one_command_puts_right_each_counts(book: Book) -> None:
    """None of them names the others: they are recorded together."""
    made = promise("2025-03-31")
    kept = FulfilCommitment(commitment_id=made.commitment_id, fulfilled_at=on("2025-04-15"))
    book.record("customer", HUADONG, made, kept)
    first, second = recorded(book, CommitmentMade), recorded(book, CommitmentFulfilled)
    history = (first.version, second.version)
    for wrong, field, value in ((first, "due_at", on("2025-03-20")), (second, "fulfilled_at", on("2025-03-18"))):
        truth = {**wrong.event.model_dump(mode="json"), field: value.isoformat()}
        fact = FactCorrected(
            corrects=wrong.id,
            version=wrong.version,
            item=item_of(wrong.event),
            history=history,
            fact=wrong.event.event_name,
            shape=1,
            truth=truth,
        )
        written(book, stream_id("customer", HUADONG), fact)
    (row,) = book.rows(commitments.ONE, id=made.commitment_id)
    found: tuple[datetime, datetime] = (row["first_due_at"], row["ended_at"])
    assert found == (on("2025-03-20"), on("2025-03-18"))
