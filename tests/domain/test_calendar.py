"""Working time: holidays, make-up days, unknown years, and clocks that jump."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from events.vocabulary.working_calendar import Shift, WorkingCalendar
from tests.domain.company import CALENDAR
from tests.domain.people import on

HOUR = timedelta(hours=1)
DAY = 8 * HOUR


def calendar(zone: str, *shifts: tuple[time, time], weekends: frozenset[date] = frozenset()) -> WorkingCalendar:
    return WorkingCalendar(
        time_zone=zone,
        shifts=tuple(Shift(start=start, end=end) for start, end in shifts),
        known_years=frozenset({2025}),
        holidays=frozenset(),
        working_weekends=weekends,
    )


# The Chinese year 2025


@pytest.mark.parametrize(
    ("start", "end", "hours"),
    [
        ("2025-03-10 09:00", "2025-03-10 18:00", 8),
        ("2025-03-10 11:30", "2025-03-10 13:30", 1),
        ("2025-03-10 12:00", "2025-03-10 13:00", 0),
        ("2025-03-07 17:00", "2025-03-10 10:00", 2),
        ("2025-03-08 09:00", "2025-03-09 18:00", 0),
        ("2025-03-10 00:00", "2025-03-17 00:00", 40),
        ("2025-03-10 10:00", "2025-03-10 10:00", 0),
        ("2025-03-10 11:00", "2025-03-10 10:00", 0),
        ("2025-03-11 10:00", "2025-03-10 10:00", 0),
    ],
)
def test_working_time_of_ordinary_days(start: str, end: str, hours: int) -> None:
    assert CALENDAR.between(on(start), on(end)) == hours * HOUR


def test_public_holidays_do_not_count() -> None:
    assert CALENDAR.between(on("2025-10-01"), on("2025-10-09")) == timedelta()


def test_a_saturday_that_makes_up_for_a_holiday_counts() -> None:
    assert CALENDAR.is_working_day(date(2025, 2, 8))
    assert CALENDAR.between(on("2025-02-08"), on("2025-02-09")) == DAY


def test_spring_festival_with_the_days_that_make_up_for_it() -> None:
    assert CALENDAR.between(on("2025-01-26"), on("2025-02-10")) == 6 * DAY


def test_what_is_due_after_a_holiday_is_due_on_the_next_working_day() -> None:
    assert CALENDAR.add(on("2025-09-30 17:00"), 2 * HOUR) == on("2025-10-09 10:00")


def test_what_is_due_at_closing_time_is_not_due_the_next_morning() -> None:
    assert CALENDAR.add(on("2025-03-10 17:00"), HOUR) == on("2025-03-10 18:00")
    assert CALENDAR.add(on("2025-03-10 11:00"), HOUR) == on("2025-03-10 12:00")


def test_no_working_time_has_gone_by_at_once() -> None:
    saturday = on("2025-03-08 10:00")
    assert CALENDAR.add(saturday, timedelta()) == saturday
    assert CALENDAR.add(saturday, -HOUR) == saturday


def test_a_year_whose_holidays_are_not_known_has_ordinary_weeks() -> None:
    assert CALENDAR.knows(on("2025-12-31 23:59"))
    assert not CALENDAR.knows(on("2026-01-01 00:00"))
    assert CALENDAR.between(on("2026-09-28"), on("2026-10-05")) == 5 * DAY


def test_the_year_is_that_of_the_local_date() -> None:
    assert CALENDAR.local_date(datetime(2025, 12, 31, 16, tzinfo=UTC)) == date(2026, 1, 1)
    assert not CALENDAR.knows(datetime(2025, 12, 31, 16, tzinfo=UTC))


def test_working_time_is_counted_over_more_than_ten_years() -> None:
    assert CALENDAR.between(on("2026-01-05"), on("2046-01-01")) == 5215 * DAY


def test_a_calendar_with_too_little_working_time_says_so() -> None:
    scant = calendar("Asia/Shanghai", (time(9), time(9, 1)))
    with pytest.raises(ValueError, match="ten years"):
        scant.add(on("2025-03-10"), timedelta(minutes=3000))


def test_the_written_form_has_one_order() -> None:
    written = CALENDAR.model_dump(mode="json")
    assert written["known_years"] == [2024, 2025]
    for days in ("holidays", "working_weekends"):
        assert written[days] == sorted(written[days])
    assert WorkingCalendar.model_validate_json(CALENDAR.model_dump_json()) == CALENDAR


# Clocks that jump

SUMMER_TIME_STARTS = date(2025, 3, 9)
SUMMER_TIME_ENDS = date(2025, 11, 2)


def new_york(*shifts: tuple[time, time]) -> WorkingCalendar:
    return calendar("America/New_York", *shifts, weekends=frozenset({SUMMER_TIME_STARTS, SUMMER_TIME_ENDS}))


def whole(night: date, worked: WorkingCalendar) -> timedelta:
    midnight = datetime.combine(night, time(), ZoneInfo("America/New_York"))
    return worked.between(midnight, midnight + timedelta(days=1))


@pytest.mark.parametrize(
    ("shifts", "minutes"),
    [
        ([(time(0), time(6))], 300),
        ([(time(1), time(2, 45))], 60),
        ([(time(2, 15), time(2, 45))], 0),
        ([(time(2, 15), time(3, 15))], 15),
        ([(time(1), time(2, 45)), (time(3), time(12))], 600),
        ([(time(2, 30, 0, 5), time(4))], 60),
    ],
)
def test_the_hour_that_clocks_skip_is_not_worked(shifts: list[tuple[time, time]], minutes: int) -> None:
    assert whole(SUMMER_TIME_STARTS, new_york(*shifts)) == timedelta(minutes=minutes)


@pytest.mark.parametrize(
    ("shifts", "minutes"), [([(time(0), time(6))], 420), ([(time(0), time(1, 30))], 90), ([(time(9), time(17))], 480)]
)
def test_the_hour_that_clocks_repeat_is_worked_in_full(shifts: list[tuple[time, time]], minutes: int) -> None:
    assert whole(SUMMER_TIME_ENDS, new_york(*shifts)) == timedelta(minutes=minutes)


def test_a_day_that_a_country_skipped_was_not_worked() -> None:
    samoa = calendar("Pacific/Apia", (time(9), time(17)))
    start = datetime(2011, 12, 29, tzinfo=ZoneInfo("Pacific/Apia"))
    assert samoa.between(start, datetime(2012, 1, 1, tzinfo=ZoneInfo("Pacific/Apia"))) == DAY


# Laws

ZONES = ("Asia/Shanghai", "America/New_York", "Europe/Berlin", "Australia/Lord_Howe", "Pacific/Apia", "Africa/Cairo")
FIRST = datetime(2009, 1, 1, tzinfo=UTC)
minutes_of_day = st.integers(0, 24 * 60 - 1)


@st.composite
def calendars(draw: st.DrawFn, earliest: int = 0, latest: int = 24 * 60 - 1) -> WorkingCalendar:
    marks = sorted(draw(st.lists(st.integers(earliest, latest), min_size=2, max_size=6, unique=True)))
    days = st.dates(date(2009, 1, 1), date(2026, 12, 31))
    return WorkingCalendar(
        time_zone=draw(st.sampled_from(ZONES)),
        shifts=tuple(
            Shift(start=time(start // 60, start % 60), end=time(end // 60, end % 60))
            for start, end in zip(marks[::2], marks[1::2], strict=False)
        ),
        known_years=frozenset({2025}),
        holidays=frozenset(draw(st.lists(days, max_size=8))),
        working_weekends=frozenset(day for day in draw(st.lists(days, max_size=8)) if day.weekday() > 4),
    )


def instants(span: int) -> st.SearchStrategy[datetime]:
    """Minutes around the changes of clocks, and any others."""
    jumps = st.sampled_from(
        [
            datetime(2025, 3, 9, 7, tzinfo=UTC),
            datetime(2025, 10, 26, 1, tzinfo=UTC),
            datetime(2025, 4, 5, 15, tzinfo=UTC),
            datetime(2011, 12, 30, 10, tzinfo=UTC),
            datetime(2025, 4, 24, 22, tzinfo=UTC),
        ]
    )
    anywhere = st.integers(0, 16 * 365 * 24 * 60).map(lambda minutes: FIRST + timedelta(minutes=minutes))
    near = st.tuples(jumps, st.integers(-span, span)).map(lambda jump: jump[0] + timedelta(minutes=jump[1]))
    return near | anywhere


working = st.integers(0, 30_000).map(lambda minutes: timedelta(minutes=minutes))


@settings(deadline=None)
@given(calendars(), instants(3000), working)
def test_what_was_added_has_gone_by(worked: WorkingCalendar, start: datetime, time_of_work: timedelta) -> None:
    try:
        end = worked.add(start, time_of_work)
    except ValueError:
        assert worked.between(start, start + timedelta(days=3650)) < time_of_work
    else:
        assert worked.between(start, end) == time_of_work
        assert worked.between(start, end - timedelta(seconds=1)) < time_of_work or not time_of_work


@settings(deadline=None)
@given(calendars(), instants(3000), st.integers(0, 3000), st.integers(0, 3000))
def test_working_time_adds_up(worked: WorkingCalendar, start: datetime, first: int, second: int) -> None:
    middle = start + timedelta(minutes=first)
    end = middle + timedelta(minutes=second)
    parts = worked.between(start, middle) + worked.between(middle, end)
    assert worked.between(start, end) == parts <= end - start


@settings(deadline=None)
@given(calendars(), instants(3000), working, working)
def test_adding_twice_is_adding_the_sum(
    worked: WorkingCalendar, start: datetime, first: timedelta, second: timedelta
) -> None:
    try:
        whole_of_it = worked.add(start, first + second)
    except ValueError:
        return
    assert worked.add(worked.add(start, first), second) == whole_of_it


@settings(deadline=None, max_examples=60)
@given(calendars(earliest=5 * 60, latest=22 * 60), instants(3000), st.integers(0, 3000))
def test_working_time_is_what_counting_minutes_gives(worked: WorkingCalendar, start: datetime, length: int) -> None:
    def is_worked(instant: datetime) -> bool:
        local = instant.astimezone(worked.zone())
        return worked.is_working_day(local.date()) and any(
            shift.start <= local.time() < shift.end for shift in worked.shifts
        )

    counted = sum(is_worked(start + timedelta(minutes=minute)) for minute in range(length))
    assert worked.between(start, start + timedelta(minutes=length)) == timedelta(minutes=counted)


@settings(deadline=None, max_examples=60)
@given(calendars(), instants(3000), st.integers(0, 400), st.integers(0, 24 * 60))
def test_working_time_of_a_long_stretch_is_that_of_its_days(
    worked: WorkingCalendar, start: datetime, days: int, minutes: int
) -> None:
    marks = [start + timedelta(days=day) for day in range(days + 1)]
    end = marks[-1] + timedelta(minutes=minutes)
    walked = sum((worked.between(one, two) for one, two in pairwise([*marks, end])), timedelta())
    assert worked.between(start, end) == walked


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("shift", [(time(0), time(3)), (time(9), time(17)), (time(21, 30, 15), time(23, 59))])
def test_working_time_of_a_century_is_that_of_its_days(zone: str, shift: tuple[time, time]) -> None:
    worked = calendar(zone, shift, weekends=frozenset({date(1944, 4, 2), date(2011, 12, 31)}))
    first = datetime(1900, 1, 1, 7, 13, tzinfo=UTC)
    # Stretches this short are walked day by day.
    marks = [first + timedelta(days=20 * step) for step in range(2300)]
    walked = sum((worked.between(one, two) for one, two in pairwise(marks)), timedelta())
    assert worked.between(first, marks[-1]) == walked


# What is no calendar


@pytest.mark.parametrize(("start", "end"), [(time(9), time(9)), (time(18), time(9))])
def test_a_shift_ends_after_it_starts(start: time, end: time) -> None:
    with pytest.raises(ValidationError, match="ends after it starts"):
        Shift(start=start, end=end)


@pytest.mark.parametrize(("start", "end"), [("09:00Z", "18:00Z"), ("09:00+08:00", "18:00"), ("09:00", "18:00Z")])
def test_a_shift_has_the_offset_of_its_calendar(start: str, end: str) -> None:
    with pytest.raises(ValidationError, match="no offset"):
        Shift.model_validate({"start": start, "end": end})


def test_shifts_do_not_overlap() -> None:
    with pytest.raises(ValidationError, match="without overlap"):
        calendar("Asia/Shanghai", (time(9), time(12)), (time(11), time(18)))


def test_shifts_may_touch() -> None:
    touching = calendar("Asia/Shanghai", (time(9), time(12)), (time(12), time(17)))
    assert touching.between(on("2025-03-10"), on("2025-03-11")) == DAY


def test_a_calendar_has_a_shift() -> None:
    with pytest.raises(ValidationError, match="at least 1"):
        calendar("Asia/Shanghai")


@pytest.mark.parametrize("zone", ["Asia/Atlantis", "", "Asia", "../etc/passwd", "x" * 5000, "zone\0", "\ud800"])
def test_a_calendar_has_a_time_zone(zone: str) -> None:
    with pytest.raises(ValidationError, match="unknown time zone"):
        calendar(zone, (time(9), time(12)))
