"""What a lane shows of who answers for a role: vacancies, overlaps, and rows."""

import random
from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from services.questions.responsibility import Holder
from services.review.axis import Axis
from services.review.drawing import DrawnLane, Pen
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


def test_where_nobody_is_owed_who_is_only_informed_has_the_first_row() -> None:
    (only,) = lanes([holds(LIN, "2025-01-01", None, "informed")], Coverage())
    assert (rows(only), only.gaps) == ([(LIN, 0)], ())


def test_two_people_at_once_are_an_overlap_and_one_person_twice_is_not() -> None:
    assert lane(holds(LIN, "2025-01-01"), holds(LIN, "2025-02-01")).overlaps == ()
    found = lane(holds(LIN, "2025-01-01", "2025-04-01"), holds(WANG, "2025-02-01"), holds(ZHOU, "2025-03-01"))
    assert found.overlaps == (
        span("2025-02-01", "2025-03-01"),
        span("2025-03-01", "2025-04-01"),
        span("2025-04-01"),
    )
    assert lane(holds(LIN, "2025-01-01"), holds(WANG, "2025-02-01", None, "consulted")).overlaps == ()


HOUR = timedelta(hours=1)
BEGINNING = on("2025-01-01")


def hours(count: int) -> list[Holder]:
    """Somebody else every hour."""
    return [
        holds(number(3 + hour % 50), "2025-01-01").model_copy(
            update={"since": BEGINNING + hour * HOUR, "until": BEGINNING + (hour + 1) * HOUR}
        )
        for hour in range(count)
    ]


def drawn(holders: Sequence[Holder], start: int, end: int) -> DrawnLane:
    """The lane over a stretch of hours."""
    axis = Axis(BEGINNING + start * HOUR, BEGINNING + end * HOUR, ZoneInfo("UTC"))
    inside = [one for one in holders if one.since < axis.end and (one.until is None or one.until > axis.start)]
    (only,) = lanes(inside, Coverage(exclusive=frozenset({"account_manager"})))
    return Pen(axis, {one.person: 0 for one in holders}, (), ()).draw(only, ())


def test_of_ten_thousand_intervals_those_are_drawn_that_can_be_told_apart() -> None:
    found = drawn(hours(10_000), 0, 10_000)
    assert 100 < len(found.shapes) <= 201
    assert found.unseen == 10_000 - len(found.shapes)


def test_whoever_looks_closer_sees_every_one() -> None:
    whole = hours(10_000)
    seen = [one.since for start in range(0, 10_000, 200) for one in drawn(whole, start, start + 200).holders]
    assert seen == [one.since for one in whole]
    assert drawn(whole, 400, 600).unseen == 0


def test_few_are_all_drawn_however_narrow() -> None:
    found = drawn([*hours(20), holds(WANG, "2026-01-01")], 0, 10_000)
    assert (len(found.holders), found.unseen) == (21, 0)


def test_overlaps_and_rows_are_those_of_looking_at_every_pair() -> None:
    dice = random.Random(4)  # noqa: S311 - no secret
    holders = []
    for _ in range(200):
        since = BEGINNING + dice.randrange(300) * HOUR
        until = None if dice.random() < 0.02 else since + dice.randrange(1, 5) * HOUR
        holders.append(
            holds(dice.choice([LIN, WANG, ZHOU]), "2025-01-01").model_copy(update={"since": since, "until": until})
        )

    def there(one: Holder, span: Span) -> bool:
        return one.since <= span.since and (one.until is None or one.until > span.since)

    found = lane(*holders)
    turns = sorted({one.since for one in holders} | {one.until for one in holders if one.until})
    spans = [Span(since, until) for since, until in zip(turns, [*turns[1:], None], strict=True)]
    assert list(found.overlaps) == [span for span in spans if len({h.person for h in holders if there(h, span)}) > 1]
    for bar in found.principals:
        others = [one for one in found.principals if one is not bar and one.row == bar.row]
        assert not any(there(one.holder, Span(bar.holder.since, None)) for one in others)
