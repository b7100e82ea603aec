"""How many working hours did each holder keep a complaint, less the time waiting on the customer?"""

from datetime import datetime, timedelta, timezone
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from events.vocabulary.working_calendar import WorkingCalendar
from projections.customer.complaints.clocks import Clocks
from projections.customer.complaints.clocks import clocks as clocks_of
from tests.domain.company import CALENDAR
from tests.domain.people import LIN, WANG, ZHAO, ZHOU, on

HOUR = timedelta(hours=1)
ASSIGNMENT = uuid4()


def complaint(**changes: Any) -> dict[str, Any]:
    """Received on Monday 10 March 2025 at 9:00: two working hours to answer, two working days to resolve."""
    row: dict[str, Any] = {
        "received_at": on("2025-03-10 09:00"),
        "first_response_minutes": 120,
        "resolution_minutes": 960,
        "first_response_due_at": on("2025-03-10 11:00"),
        "resolution_due_at": on("2025-03-11 18:00"),
        "acknowledged_at": None,
        "resolved_at": None,
        "waiting_since": None,
        "holders": [],
        "pauses": [],
    }
    return row | changes


def held_by(person: UUID, at: str) -> dict[str, Any]:
    return {"person": str(person), "department": None, "at": on(at).isoformat(), "event": str(uuid4())}


def pause(since: str, until: str, why: str = "customer") -> dict[str, Any]:
    return {"since": on(since).isoformat(), "until": on(until).isoformat(), "why": why}


def account_manager(person: UUID, since: str, until: str | None = None, kind: str = "principal") -> dict[str, Any]:
    return {
        "person": person,
        "assignment_id": ASSIGNMENT,
        "kind": kind,
        "involvement": "accountable",
        "since": on(since),
        "until": None if until is None else on(until),
        "subject": "customer:…",
        "events": [uuid4()],
    }


def responsible(person: UUID, since: str, until: str | None = None) -> dict[str, Any]:
    return account_manager(person, since, until) | {"subject": "complaint:…", "assignment_id": uuid4()}


def lived(row: dict[str, Any]) -> list[dict[str, Any]]:
    """The parts of the lives of a complaint and of its first response."""
    solved = [datetime.fromisoformat(one["since"]) for one in row["pauses"] if one["why"] == "resolved"]
    answers = [at for at in (row["acknowledged_at"], row["resolved_at"], *solved) if at]
    turns: list[tuple[datetime, bool]] = [(row["received_at"], True)]
    for one in row["pauses"]:
        turns += [(datetime.fromisoformat(one["since"]), False), (datetime.fromisoformat(one["until"]), True)]
    turns += [(at, False) for at in (row["resolved_at"] or row["waiting_since"],) if at]
    ends = [*(at for at, _ in turns[1:]), None]
    running = [
        {"kind": "complaint", "open": runs, "due_at": row["resolution_due_at"], "since": since, "until": until}
        for (since, runs), until in zip(turns, ends, strict=True)
    ]
    answered = min(answers, default=None)
    waiting = {"kind": "first-response", "open": True, "due_at": row["first_response_due_at"]}
    response = [{**waiting, "since": row["received_at"], "until": answered}]
    return [*running, *response, *([{**waiting, "open": False, "since": answered, "until": None}] if answered else [])]


def clocks(row: dict[str, Any], calendar: WorkingCalendar, held: list[dict[str, Any]], at: datetime) -> Clocks:
    """The clocks of a complaint that lived as its row says."""
    return clocks_of(row, calendar, held, lived(row), at)


def shares(found: Clocks) -> list[tuple[UUID | None, str, float]]:
    return [(share.person, share.basis, share.held / HOUR) for share in found.shares]


def test_each_holder_is_charged_the_working_hours_they_kept_it_less_the_wait() -> None:
    breached = complaint(
        holders=[held_by(LIN, "2025-03-10 11:00"), held_by(WANG, "2025-03-12 09:00")],
        pauses=[pause("2025-03-11 09:00", "2025-03-12 10:00")],
        resolution_due_at=on("2025-03-13 10:00"),
        resolved_at=on("2025-03-13 12:00"),
    )
    found = clocks(breached, CALENDAR, [account_manager(ZHAO, "2025-01-01")], on("2025-06-01"))
    assert shares(found) == [
        (ZHAO, "account_manager", 2.0),
        (LIN, "assigned", 6.0),
        (WANG, "assigned", 10.0),
    ]
    clock = found.resolution
    assert (clock.total / HOUR, clock.limit / HOUR, clock.remaining / HOUR) == (18, 16, -2)
    assert (clock.breached, clock.running, clock.due_at) == (True, False, on("2025-03-13 10:00"))


@pytest.mark.parametrize(
    "solved",
    [
        {"resolved_at": on("2025-03-10 10:00")},
        {"pauses": [pause("2025-03-10 10:00", "2025-03-17 09:00", "resolved")]},
        {"resolved_at": on("2025-03-10 10:00"), "acknowledged_at": on("2025-03-10 17:00")},
    ],
    ids=["solved", "solved and reopened", "solved, then acknowledged"],
)
def test_a_solution_is_a_first_response_too(solved: dict[str, Any]) -> None:
    clock = clocks(complaint(**solved), CALENDAR, [], on("2025-06-01")).first_response
    assert (clock.total / HOUR, clock.breached, clock.running) == (1.0, False, False)


def test_the_first_response_clock_stops_at_the_first_response() -> None:
    late = clocks(complaint(acknowledged_at=on("2025-03-10 13:30")), CALENDAR, [], on("2025-03-12"))
    assert (late.first_response.total / HOUR, late.first_response.breached) == (3.5, True)
    then = clocks(complaint(acknowledged_at=on("2025-03-10 13:30")), CALENDAR, [], on("2025-03-10 10:00"))
    assert (then.first_response.remaining / HOUR, then.first_response.breached, then.first_response.running) == (
        1,
        False,
        True,
    )


def test_an_evening_after_the_last_working_minute_is_too_late() -> None:
    found = clocks(complaint(resolved_at=on("2025-03-11 20:00")), CALENDAR, [], on("2025-04-01"))
    assert found.resolution.remaining == timedelta()
    assert found.resolution.breached
    in_time = clocks(complaint(resolved_at=on("2025-03-11 18:00")), CALENDAR, [], on("2025-04-01"))
    assert not in_time.resolution.breached


def test_while_it_waits_the_clock_has_no_due_time() -> None:
    found = clocks(complaint(waiting_since=on("2025-03-10 15:00")), CALENDAR, [], on("2025-03-20"))
    assert (found.resolution.due_at, found.resolution.running) == (None, False)
    assert found.resolution.remaining == 11 * HOUR


def test_the_resolved_time_does_not_count_after_it_is_reopened() -> None:
    reopened = complaint(pauses=[pause("2025-03-10 15:00", "2025-03-17 09:00", "resolved")])
    found = clocks(reopened, CALENDAR, [], on("2025-03-17 10:00"))
    assert (found.resolution.total / HOUR, found.resolution.running) == (6, True)
    assert found.resolution.due_at == on("2025-03-18 12:00")


def test_nobody_is_a_holder_too() -> None:
    found = clocks(complaint(), CALENDAR, [account_manager(LIN, "2025-03-10 14:00")], on("2025-03-10 16:00"))
    assert shares(found) == [(None, "nobody", 4.0), (LIN, "account_manager", 2.0)]


def test_the_responsible_person_goes_before_the_account_manager() -> None:
    held = [responsible(WANG, "2025-03-10 10:00", "2025-03-10 11:00"), account_manager(LIN, "2025-01-01")]
    found = clocks(complaint(), CALENDAR, held, on("2025-03-10 12:00"))
    assert shares(found) == [(LIN, "account_manager", 2.0), (WANG, "responsible", 1.0)]


def test_an_acting_delegate_stands_beside_the_principal() -> None:
    held = [
        account_manager(LIN, "2025-01-01"),
        account_manager(ZHOU, "2025-03-10 10:00", "2025-03-10 12:00", kind="acting"),
    ]
    (share,) = clocks(complaint(), CALENDAR, held, on("2025-03-10 12:00")).shares
    assert (share.person, share.held) == (LIN, 3 * HOUR)
    assert [(acting.person, acting.held) for acting in share.acting] == [(ZHOU, 2 * HOUR)]


def test_the_responsible_person_goes_before_whom_it_was_handed_to() -> None:
    own = responsible(WANG, "2025-03-10 09:00")
    delegate = own | {
        "person": ZHOU,
        "kind": "acting",
        "since": on("2025-03-10 10:00"),
        "until": on("2025-03-10 11:00"),
    }
    assigned = complaint(holders=[held_by(LIN, "2025-03-10 09:00")])
    (share,) = clocks(assigned, CALENDAR, [own, delegate], on("2025-03-10 12:00")).shares
    assert (share.person, share.basis, share.held) == (WANG, "responsible", 3 * HOUR)
    assert [(acting.person, acting.held) for acting in share.acting] == [(ZHOU, HOUR)]


@pytest.mark.parametrize("at", [on("2025-03-01"), datetime.min.replace(tzinfo=timezone(14 * HOUR))])
def test_before_it_was_received_nothing_ran(at: datetime) -> None:
    found = clocks(complaint(), CALENDAR, [account_manager(LIN, "2025-01-01")], at)
    assert (found.shares, found.resolution.total, found.resolution.running) == ((), timedelta(), False)
    assert (found.first_response.total, found.first_response.running) == (timedelta(), False)


INSTANTS = st.integers(0, 24 * 30).map(lambda hours: on("2025-03-10 09:00") + timedelta(hours=hours))


@given(st.lists(INSTANTS, max_size=8), st.lists(st.tuples(INSTANTS, st.sampled_from([LIN, WANG, ZHAO])), max_size=4))
def test_shares_add_up_and_the_due_time_is_that_of_the_rules(
    turns: list[datetime], handed: list[tuple[datetime, UUID]]
) -> None:
    turns = sorted(set(turns))
    received, limit = on("2025-03-10 09:00"), timedelta(minutes=960)
    due = CALENDAR.add(received, limit)
    pauses = []
    for since, until in zip(turns[::2], turns[1::2], strict=False):
        pauses.append({"since": since.isoformat(), "until": until.isoformat(), "why": "customer"})
        if due > since:
            due = CALENDAR.add(until, CALENDAR.between(since, due))
    end = on("2025-05-01")
    holders = [
        {"person": str(person), "department": None, "at": at.isoformat(), "event": str(uuid4())}
        for at, person in sorted(handed, key=lambda one: one[0])
    ]
    found = clocks(complaint(pauses=pauses, holders=holders), CALENDAR, [account_manager(ZHOU, "2025-01-01")], end)
    assert found.resolution.due_at == due
    assert sum((share.held for share in found.shares), timedelta()) == found.resolution.total
    assert found.resolution.breached
