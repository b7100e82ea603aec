"""How instants and days are written: as in RFC 3339 by clients, as they were once stored in the log."""

from datetime import UTC, date, datetime

import pytest
from pydantic import TypeAdapter, ValidationError

from events.catalogue import WrongValueError, with_values
from events.customer.profile import CustomerRegistered
from events.vocabulary.values import Day, Instant, bounded

INSTANT: TypeAdapter[datetime] = TypeAdapter(Instant)
DAY: TypeAdapter[date] = TypeAdapter(Day)


def registered(day: date) -> CustomerRegistered:
    """A customer's registration on a day."""
    return CustomerRegistered(name="滨海化工", industry=None, region=None, registered_on=day)


@pytest.mark.parametrize("text", ["2025-03-10T01:02:03Z", "2025-03-10t09:02:03+0800", "2025-03-10 01:02:03z"])
def test_an_instant_is_taken_as_the_standard_writes_it(text: str) -> None:
    assert INSTANT.validate_json(f'"{text}"', strict=True) == datetime(2025, 3, 10, 1, 2, 3, tzinfo=UTC)


@pytest.mark.parametrize(
    "written",
    ['"20250310"', '"1735689600"', "1735689600", "5.0", '"2025"', '"2025-03-10T25:00:00Z"', "null", "true", "[]"],
)
def test_nothing_else_is_an_instant(written: str) -> None:
    with pytest.raises(ValidationError, match="datetime"):
        INSTANT.validate_json(written, strict=True)


@pytest.mark.parametrize("day", ["1900-01-01", "2199-12-31"])
def test_a_day_of_the_centuries_in_use_is_taken(day: str) -> None:
    assert DAY.validate_json(f'"{day}"', strict=True) == date.fromisoformat(day)


@pytest.mark.parametrize(
    "written", ['"20250310"', "20250310", '"2025-02-30"', '"0001-01-01"', '"1899-12-31"', '"2200-01-01"']
)
def test_nothing_else_is_a_day(written: str) -> None:
    with pytest.raises(ValidationError, match=r"date|day"):
        DAY.validate_json(written, strict=True)


def test_what_an_earlier_release_stored_is_read_as_it_was() -> None:
    stored = registered(date(1, 1, 1))
    assert type(stored).model_validate_json(stored.written) == stored


def test_a_correction_says_a_day_of_the_centuries_in_use() -> None:
    before = registered(date(2025, 3, 1))
    assert with_values(before, {"registered_on": "2025-03-02"}).written != before.written
    with pytest.raises(WrongValueError, match="registered_on"):
        with_values(before, {"registered_on": "0001-01-01"})


@pytest.mark.parametrize(
    ("stored", "counted"),
    [
        (date(1, 1, 1), date(1900, 1, 2)),
        (date(9999, 12, 31), date(2199, 12, 30)),
        (date(2025, 3, 10), date(2025, 3, 10)),
    ],
)
def test_a_day_beyond_the_centuries_counts_as_the_nearest(stored: date, counted: date) -> None:
    assert bounded(stored) == counted
