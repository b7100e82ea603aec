"""What a lane shows of who answers for a role: vacancies, overlaps, and rows."""

from uuid import UUID

from services.questions.responsibility import Holder
from services.review.lanes import Coverage, Lane, Span, lanes
from tests.domain.people import HUADONG, LIN, WANG, ZHOU, number, on

MANAGER = Coverage(
    order=("account_manager",), exclusive=frozenset({"account_manager"}), since={"account_manager": on("2025-01-01")}
)


def holds(person: UUID, since: str, until: str | None = None, involvement: str = "accountable") -> Holder:
    return Holder(
        subject=f"customer:{HUADONG}",
        role="account_manager",
        person=person,
        assignment_id=number(1),
        kind="principal",
        involvement=involvement,
        since=on(since),
        until=on(until) if until else None,
        left=False,
        events=[number(2)],
    )


def span(since: str, until: str | None = None) -> Span:
    return Span(on(since), on(until) if until else None)


def lane(*holders: Holder) -> Lane:
    (only,) = lanes(holders, MANAGER)
    return only


def rows(found: Lane) -> list[tuple[UUID, int]]:
    return [(bar.holder.person, bar.row) for bar in found.principals]


def test_without_anybody_it_is_vacant_from_the_day_the_duty_begins() -> None:
    assert lane().gaps == (span("2025-01-01"),)


def test_vacancies_before_between_and_after() -> None:
    found = lane(holds(LIN, "2025-02-01", "2025-03-01"), holds(WANG, "2025-03-05", "2025-06-01"))
    assert found.gaps == (span("2025-01-01", "2025-02-01"), span("2025-03-01", "2025-03-05"), span("2025-06-01"))
    assert rows(found) == [(LIN, 0), (WANG, 0)]


def test_somebody_there_before_the_duty_began_leaves_no_vacancy() -> None:
    assert lane(holds(LIN, "2024-06-01")).gaps == ()
    assert lane(holds(LIN, "2024-01-01", "2024-06-01")).gaps == (span("2025-01-01"),)


def test_who_is_only_informed_fills_no_vacancy_and_stands_below() -> None:
    found = lane(holds(LIN, "2025-01-01", "2025-02-01", "informed"), holds(WANG, "2025-02-01"))
    assert found.gaps == (span("2025-01-01", "2025-02-01"),)
    assert rows(found) == [(WANG, 0), (LIN, 1)]


def test_two_people_at_once_are_an_overlap_and_one_person_twice_is_not() -> None:
    assert lane(holds(LIN, "2025-01-01"), holds(LIN, "2025-02-01")).overlaps == ()
    found = lane(holds(LIN, "2025-01-01", "2025-04-01"), holds(WANG, "2025-02-01"), holds(ZHOU, "2025-03-01"))
    assert found.overlaps == (
        span("2025-02-01", "2025-03-01"),
        span("2025-03-01", "2025-04-01"),
        span("2025-04-01"),
    )
    assert lane(holds(LIN, "2025-01-01"), holds(WANG, "2025-02-01", None, "consulted")).overlaps == ()
