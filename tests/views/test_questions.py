"""What the views answer, now and as it was known."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from commands.customer.commitments import (
    CorrectCommitment,
    FulfilCommitment,
    MakeCommitment,
    RecordCommitmentFellDue,
    RescheduleCommitment,
)
from commands.customer.complaints import (
    AcknowledgeComplaint,
    AssignComplaint,
    CloseComplaint,
    EscalateComplaint,
    ReceiveComplaint,
    ReopenComplaint,
    ResolveComplaint,
    StartWaitingOnCustomer,
)
from commands.customer.interactions import LogInteraction
from commands.customer.profile import ConfirmProfileReviewed, RecordProfileFact
from commands.customer.tier import AssignTier, OverrideTier
from commands.customer.visits import PromiseInVisit, RecordVisit
from commands.person.directory import DeactivatePerson, MoveDepartment
from commands.responsibility import AcceptHandover, AssignResponsibility, ProposeHandover
from events.vocabulary.identifiers import (
    AssignmentId,
    CommitmentId,
    ComplaintId,
    HandoverId,
    InteractionId,
    PersonId,
    VisitId,
)
from projections.audit.questions import ENTRIES
from projections.customer.commitments import questions as commitments
from projections.customer.complaints import questions as complaints
from projections.customer.complaints.effective import complaint_at
from projections.customer.contacts.questions import CONTACTS
from projections.customer.profile import questions as customers
from projections.handovers.questions import HANDOVERS
from projections.lives.questions import PASSING
from projections.person.directory import questions as people
from projections.policy.rules.questions import EDITIONS
from services.application import Zeren
from tests.domain.people import BINHAI, HUADONG, LIN, WANG, ZHAO, on
from tests.views.recording import Book, person_actor


@pytest.fixture
def book(zeren: Zeren) -> Book:
    """A ledger with 华东机械 and everybody in it."""
    book = Book(zeren)
    book.everybody()
    book.customer(HUADONG)
    return book


def promise(due: str, *, made: str = "2025-03-01") -> MakeCommitment:
    return MakeCommitment(
        commitment_id=CommitmentId(uuid4()), text="交付样机", due_at=on(due), by="us", occurred_at=on(made)
    )


def holds(person: PersonId, since: str, subject: str = "self", role: str = "account_manager") -> AssignResponsibility:
    return AssignResponsibility(
        assignment_id=AssignmentId(uuid4()),
        subject=subject,
        role=role,
        person=person,
        involvement="accountable",
        since=on(since),
    )


def test_a_promise_shows_every_reschedule_and_what_was_known_before(book: Book) -> None:
    made = promise("2025-03-31 18:00")
    key = made.commitment_id
    first = book.record("customer", HUADONG, made)
    moved = RescheduleCommitment(commitment_id=key, due_at=on("2025-04-10"), agreed=True)
    second = book.record("customer", HUADONG, moved)
    book.record("customer", HUADONG, CorrectCommitment(commitment_id=key, due_at=on("2025-04-12"), reason="听错"))
    book.record("customer", HUADONG, FulfilCommitment(commitment_id=key, fulfilled_at=on("2025-04-15")))

    (now,) = book.rows(commitments.ONE, id=key)
    assert (now["status"], now["first_due_at"], now["due_at"]) == (
        "fulfilled",
        on("2025-03-31 18:00"),
        on("2025-04-12"),
    )
    assert [(step["from"], step["to"], step["agreed"]) for step in now["reschedules"]] == [
        ("2025-03-31T10:00:00+00:00", "2025-04-11T16:00:00+00:00", True)
    ]
    assert len(now["events"]) == 4
    (then,) = book.rows(commitments.ONE, book.moment(known_position=second), id=key)
    assert (then["status"], then["due_at"]) == ("open", on("2025-04-10"))
    (before,) = book.rows(commitments.ONE, book.moment(known_position=first), id=key)
    assert before["reschedules"] == []
    assert book.rows(commitments.ONE, book.moment(known_position=first - 1), id=key) == []


def test_a_correction_without_reschedules_corrects_the_first_due_time(book: Book) -> None:
    made = promise("2025-03-31")
    correction = CorrectCommitment(commitment_id=made.commitment_id, due_at=on("2025-04-30"), reason="听错月份")
    book.record("customer", HUADONG, made, correction)
    (row,) = book.rows(commitments.ONE, id=made.commitment_id)
    assert row["first_due_at"] == row["due_at"] == on("2025-04-30")


def test_a_promise_is_held_by_whom_it_was_given_to_else_by_the_account_manager(book: Book) -> None:
    lin_s, wang_s = promise("2025-03-31"), promise("2025-04-30")
    item = f"commitment:{wang_s.commitment_id}"
    book.record("customer", HUADONG, lin_s, wang_s, holds(LIN, "2025-01-01"))
    book.record("customer", HUADONG, holds(WANG, "2025-03-15", item, "technical_support"))
    at = book.moment(effective_at=on("2025-03-20"))
    assert [row["commitment_id"] for row in book.listed(commitments.COMMITMENTS, at, holder=LIN)] == [
        lin_s.commitment_id
    ]
    assert [row["holders"] for row in book.listed(commitments.COMMITMENTS, at)] == [[LIN], [WANG]]
    earlier = book.moment(effective_at=on("2025-03-10"))
    assert len(book.listed(commitments.COMMITMENTS, earlier, holder=LIN)) == 2
    assert book.listed(commitments.COMMITMENTS, book.moment(effective_at=on("2024-01-01")), holder=LIN) == []


def test_pages_stay_as_they_are_while_others_write(book: Book) -> None:
    promises = [promise(f"2025-04-{1 + number % 3:02d}") for number in range(7)]
    book.record("customer", HUADONG, *promises)
    moment, listing = book.moment(), commitments.COMMITMENTS
    seen = []
    after: dict[str, object] = {}
    for _ in range(4):
        query = listing.query(["customer"], "due_at", resumed=bool(after))
        page = book.rows(query, moment, customer=HUADONG, limit=2, **after)
        seen += [row["commitment_id"] for row in page]
        after = {"after_0": page[-1]["due_at"].isoformat(), "after_1": str(page[-1]["commitment_id"])}
        book.record("customer", HUADONG, promise("2025-04-01"))
        move = RescheduleCommitment(commitment_id=promises[6].commitment_id, due_at=on("2025-05-01"), agreed=True)
        book.record("customer", HUADONG, move)
    assert seen == [one.commitment_id for one in sorted(promises, key=lambda one: (one.due_at, str(one.commitment_id)))]
    backwards = listing.query(["customer"], "-due_at", resumed=True)
    last = {"after_0": after["after_0"], "after_1": after["after_1"]}
    page = book.rows(backwards, moment, customer=HUADONG, limit=100, **last)
    assert [row["commitment_id"] for row in page] == seen[-2::-1]


def passing(book: Book, now: str) -> list[tuple[UUID, str]]:
    """What is on the agenda of the deadline process."""
    book.moment()
    kinds = ["commitment", "complaint", "first-response"]
    rows = book.zeren.views.rows(PASSING, {"kinds": kinds, "now": on(now), "limit": 10})
    return [(row["id"], row["kind"]) for row in rows]


def test_promises_fall_due_once_for_each_due_time_that_binds(book: Book) -> None:
    late, later = promise("2025-03-10"), promise("2025-03-05")
    book.record("customer", HUADONG, late, later, promise("2025-03-20"))
    first, second = (later.commitment_id, "commitment"), (late.commitment_id, "commitment")

    assert passing(book, "2025-03-10") == [first, second]
    book.record(
        "customer", HUADONG, RecordCommitmentFellDue(commitment_id=later.commitment_id, due_at=on("2025-03-05"))
    )
    assert passing(book, "2025-03-10") == [second]
    moved = RescheduleCommitment(commitment_id=later.commitment_id, due_at=on("2025-03-08"), agreed=False)
    book.record("customer", HUADONG, moved)
    assert passing(book, "2025-03-10") == [second], "it binds nobody"
    agreed = RescheduleCommitment(commitment_id=later.commitment_id, due_at=on("2025-03-09"), agreed=True)
    book.record("customer", HUADONG, agreed)
    assert passing(book, "2025-03-10") == [first, second]


def test_the_agenda_of_the_deadline_process_has_an_index_of_its_own(book: Book) -> None:
    book.record("customer", HUADONG, promise("2025-03-10"))
    book.moment()
    with book.zeren.database.connection() as connection, connection.transaction():
        connection.execute("SET LOCAL enable_seqscan = off")
        asked = {"kinds": ["commitment"], "now": on("2025-03-10"), "limit": 10}
        plan = str(connection.execute(f"EXPLAIN {PASSING}".encode(), asked).fetchall())
    assert "lives_passing" in plan, plan


def received(at: str) -> ReceiveComplaint:
    return ReceiveComplaint(
        complaint_id=ComplaintId(uuid4()), received_at=on(at), channel="phone", severity="high", content="设备停机"
    )


def shown(rows: list[dict[str, Any]], at: datetime | None = None) -> list[dict[str, Any]]:
    """Rows of complaints as they were at an instant, today where none is given."""
    return [complaint_at(row, at or datetime.now(UTC)) for row in rows]


def test_a_complaint_goes_its_way_and_can_be_asked_at_every_step(book: Book) -> None:
    complaint = received("2025-03-10 09:00")
    key = complaint.complaint_id
    first = book.record("customer", HUADONG, complaint, holds(ZHAO, "2025-01-01"))
    book.record("customer", HUADONG, AcknowledgeComplaint(complaint_id=key, at=on("2025-03-10 10:00")))
    book.record("customer", HUADONG, AssignComplaint(complaint_id=key, person=LIN, at=on("2025-03-10 11:00")))
    waiting = book.record("customer", HUADONG, StartWaitingOnCustomer(complaint_id=key, at=on("2025-03-10 15:00")))
    solved = ResolveComplaint(complaint_id=key, at=on("2025-03-11 15:00"), solution="更换主板")
    closed = CloseComplaint(complaint_id=key, at=on("2025-03-12"))
    resolved = book.record("customer", HUADONG, solved, closed)
    book.record("customer", HUADONG, ReopenComplaint(complaint_id=key, at=on("2025-03-17 09:00")))

    (now,) = shown(book.rows(complaints.ONE, id=key))
    assert (now["status"], now["reopened"], now["resolved_at"], now["closed_at"]) == ("open", 1, None, None)
    assert [(one["since"], one["why"]) for one in now["pauses"]] == [
        ("2025-03-10T07:00:00+00:00", "customer"),
        ("2025-03-11T07:00:00+00:00", "resolved"),
    ]
    assert now["holders"] == [LIN]
    (then,) = shown(book.rows(complaints.ONE, book.moment(known_position=resolved), id=key))
    assert (then["status"], datetime.fromisoformat(then["closed_at"])) == ("closed", on("2025-03-12"))
    (held,) = shown(book.rows(complaints.ONE, book.moment(known_position=waiting), id=key))
    assert datetime.fromisoformat(held["waiting_since"]) == on("2025-03-10 15:00")
    (early,) = book.rows(complaints.ONE, book.moment(known_position=first, effective_at=on("2025-03-10 09:30")), id=key)
    assert (early["holders"], early["overdue"]) == ([ZHAO], False)
    assert len(book.listed(complaints.COMPLAINTS, status="open", waiting=False, overdue=True, holder=LIN)) == 1


def test_a_clock_that_ran_out_is_escalated_once(book: Book) -> None:
    complaint, other = received("2025-03-10 09:00"), received("2025-03-10 10:00")
    book.record("customer", HUADONG, complaint, other)

    key = complaint.complaint_id
    assert sorted(passing(book, "2025-06-01")) == sorted(
        (one.complaint_id, kind) for one in (complaint, other) for kind in ("first-response", "complaint")
    )
    (row,) = book.rows(complaints.ONE, id=key)
    book.record(
        "customer",
        HUADONG,
        EscalateComplaint(complaint_id=key, at=row["first_response_due_at"], clock="first_response"),
        StartWaitingOnCustomer(complaint_id=other.complaint_id, at=on("2025-03-10 11:00")),
        AcknowledgeComplaint(complaint_id=other.complaint_id, at=on("2025-03-10 11:00")),
    )
    assert passing(book, "2025-06-01") == [(key, "complaint")]


def test_the_audit_trail_says_from_what_to_what_by_whom_and_why(book: Book) -> None:
    made = promise("2025-03-31")
    item = f"commitment:{made.commitment_id}"
    book.record("customer", HUADONG, made, actor=person_actor(LIN))
    reschedule = RescheduleCommitment(
        commitment_id=made.commitment_id, due_at=on("2025-04-10"), agreed=True, reason="备件未到"
    )
    position = book.record("customer", HUADONG, reschedule, actor=person_actor(WANG))
    (entry,) = book.listed(ENTRIES, actor=person_actor(WANG))
    assert (entry["position"], entry["item"], entry["reason"]) == (position, item, "备件未到")
    changes = entry["changes"]
    assert changes.keys() == {"due_at", "reschedule_agreed", "rescheduled_at"}
    assert changes["due_at"] == ["2025-03-30T16:00:00Z", "2025-04-09T16:00:00Z"]
    assert changes["reschedule_agreed"] == [None, True]
    history = book.listed(ENTRIES, item=item)
    assert [one["name"] for one in history] == ["customer.commitment-made", "customer.commitment-rescheduled"]
    assert history[0]["changes"]["status"] == [None, "open"]
    assert book.listed(ENTRIES, book.moment(known_position=position - 1), item=item) == history[:1]
    assert [one["name"] for one in book.listed(ENTRIES, correlation=entry["correlation_id"])] == [entry["name"]]
    since: dict[str, Any] = {"from": entry["recorded_at"], "to": entry["recorded_at"] + timedelta(seconds=1)}
    assert entry in book.listed(ENTRIES, **since)


def test_the_same_topic_found_out_again_shows_what_it_was_before(book: Book) -> None:
    for content in ("约三成", "约四成"):
        fact = RecordProfileFact(topic="share", content=content, source="拜访", collected_on=date(2025, 3, 1))
        book.record("customer", HUADONG, fact)
    entry = book.listed(ENTRIES, name="customer.profile-fact-recorded")[-1]
    old, new = entry["changes"]["facts.share"]
    assert (old["content"], new["content"]) == ("约三成", "约四成")
    (row,) = book.rows(customers.ONE, id=HUADONG)
    assert row["facts"]["share"]["content"] == "约四成"
    assert len(row["events"]) == 2, "the fact that was replaced proves nothing any more"


def test_a_customer_has_the_tier_in_force_and_an_overview(book: Book) -> None:
    book.customer(BINHAI, "滨海化工")
    visit = RecordVisit(
        visit_id=VisitId(uuid4()),
        visited_at=on("2025-03-03 10:00"),
        channel="face_to_face",
        our_attendees=(LIN,),
        content="季度拜访",
        commitments=(
            PromiseInVisit(commitment_id=CommitmentId(uuid4()), text="报价", due_at=on("2025-03-08"), by="us"),
        ),
    )
    call = LogInteraction(
        interaction_id=InteractionId(uuid4()),
        at=on("2025-03-05"),
        channel="call",
        direction="outbound",
        our_attendees=(LIN,),
        content="回访",
        result="满意",
    )
    book.record(
        "customer",
        HUADONG,
        AssignTier(tier="first", since=on("2025-01-01")),
        OverrideTier(tier="vip", since=on("2025-01-01"), reason="战略客户"),
        AssignTier(tier="second", since=on("2025-06-01")),
        ConfirmProfileReviewed(reviewed_on=date(2025, 2, 1)),
        holds(LIN, "2025-01-01"),
        visit,
        call,
        received("2025-03-06 09:00"),
    )
    march = book.moment(effective_at=on("2025-03-10"))
    assert [(row["name"], row["tier"]) for row in book.listed(customers.CUSTOMERS, march)] == [
        ("华东机械", "vip"),
        ("滨海化工", None),
    ]
    filters: dict[str, Any] = {"tier": "vip", "holder": LIN, "search": "华东", "reviewed_before": date(2025, 3, 1)}
    assert [row["customer_id"] for row in book.listed(customers.CUSTOMERS, march, **filters)] == [HUADONG]
    (july,) = book.rows(customers.ONE, book.moment(effective_at=on("2025-07-01")), id=HUADONG)
    assert july["tier"] == "second"
    assert [row["tier"] for row in book.rows(customers.TIERS, march, customer=HUADONG)] == ["first", "vip", "second"]
    (overview,) = book.rows(customers.OVERVIEW, march, customer=HUADONG)
    assert overview == {
        "open_commitments": 1,
        "overdue_commitments": 1,
        "open_complaints": 1,
        "overdue_complaints": 1,
        "running_projects": 0,
        "last_contact_at": on("2025-03-05"),
        "last_visit_at": on("2025-03-03 10:00"),
        "last_answer_at": None,
    }
    assert [row["kind"] for row in book.listed(CONTACTS, customer=HUADONG, person=LIN)] == ["interaction", "visit"]
    month: dict[str, Any] = {"from": on("2025-03-01"), "to": on("2025-03-05")}
    assert [row["kind"] for row in book.listed(CONTACTS, **month)] == ["visit"]


def test_a_person_belongs_to_the_department_of_the_time(book: Book) -> None:
    book.record("person", LIN, MoveDepartment(department="south", manager=ZHAO, since=on("2025-06-01")))
    book.record("person", LIN, MoveDepartment(department="north", since=on("2025-03-01")))
    book.record("person", LIN, DeactivatePerson(since=on("2025-09-01")))

    def lin(at: str) -> tuple[str, bool]:
        (row,) = book.rows(people.ONE, book.moment(effective_at=on(at)), id=LIN)
        return row["department"], row["active"]

    assert [lin(at) for at in ("2025-01-01", "2025-03-01", "2025-06-01", "2025-09-01")] == [
        ("east", True),
        ("north", True),
        ("south", True),
        ("south", False),
    ]
    april = book.moment(effective_at=on("2025-04-01"))
    assert [row["person_id"] for row in book.listed(people.PEOPLE, april, department="north")] == [LIN]
    assert LIN not in [row["person_id"] for row in book.listed(people.PEOPLE, active=True)]
    memberships = book.rows(people.MEMBERSHIPS, person=LIN)
    assert [row["department"] for row in memberships] == ["east", "north", "south"]
    now = book.zeren.database.rows(
        "SELECT department FROM view_people.people WHERE person_id = %(p)s AND known_to IS NULL", {"p": LIN}
    )
    assert now == [{"department": "south"}]


def test_a_handover_moves_what_is_open(book: Book) -> None:
    managing = holds(LIN, "2025-01-01")
    book.record("customer", HUADONG, promise("2025-02-01", made="2025-01-10"), managing)
    handover = HandoverId(uuid4())
    proposal = ProposeHandover(
        reason="补录",
        handover_id=handover,
        assignment_id=managing.assignment_id,
        to_person=WANG,
        effective_at=on("2025-03-01"),
    )
    proposed = book.record("customer", HUADONG, proposal)
    book.record("customer", HUADONG, AcceptHandover(reason="补录", handover_id=handover))
    (row,) = book.listed(HANDOVERS, to_person=WANG)
    assert (row["status"], row["from_person"]) == ("accepted", LIN)
    assert [item["overdue"] for item in row["inventory"]] == [True]
    (then,) = book.listed(HANDOVERS, book.moment(known_position=proposed), stream=f"customer:{HUADONG}")
    assert then["status"] == "proposed"


def test_every_rule_set_has_one_edition_in_force(book: Book) -> None:
    found = book.listed(EDITIONS, in_force=True)
    assert [row["policy"] for row in found] == ["cadence", "role-catalogue", "service-levels", "working-calendar"]


def test_the_same_id_in_another_stream_parks_that_stream_and_leaves_the_first_alone(book: Book) -> None:
    book.customer(BINHAI, "滨海化工")
    made = promise("2025-03-31")
    book.record("customer", HUADONG, made)
    # The door refuses a taken id; a log that was filled otherwise may hold it twice.
    book.plant("customer", BINHAI, book.last_event().model_copy(update={"text": "别的承诺"}))
    (row,) = book.rows(commitments.ONE, id=made.commitment_id)
    assert (row["customer_id"], row["text"]) == (HUADONG, "交付样机")
    parked = book.zeren.database.rows("SELECT stream FROM zeren.parked WHERE projection = 'commitments'")
    assert parked == [{"stream": f"customer:{BINHAI}"}]
