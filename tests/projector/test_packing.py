"""What is packed for the database is what the database gives back, whatever the column."""

from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any
from uuid import UUID

import psycopg
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from psycopg import Connection
from psycopg.rows import TupleRow

from events.vocabulary.values import EARLIEST, LATEST
from projections.base import Row, Rows, Table
from projections.registry import PROJECTIONS
from services.projector.batch import copy
from services.projector.packing import packed, packed_entries

TEXTS = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=20)
DOCUMENTS = st.recursive(
    st.booleans() | st.integers(-(2**53), 2**53) | TEXTS,
    lambda inner: st.lists(inner | st.none(), max_size=3) | st.dictionaries(st.sampled_from("abc"), inner, max_size=3),
    max_leaves=6,
)
KINDS: dict[str, st.SearchStrategy[Any]] = {
    "text": TEXTS,
    "uuid": st.uuids(),
    "timestamptz": st.datetimes(
        EARLIEST.replace(tzinfo=None),
        LATEST.replace(tzinfo=None),
        timezones=st.sampled_from([UTC, timezone(timedelta(hours=8))]),
    ),
    "date": st.dates(),
    "bigint": st.integers(-(2**63), 2**63 - 1),
    "integer": st.integers(-(2**31), 2**31 - 1),
    "boolean": st.booleans(),
    "jsonb": DOCUMENTS,
    "json": DOCUMENTS,
    "uuid[]": st.lists(st.uuids(), max_size=3),
    "text[]": st.lists(TEXTS, max_size=3),
    "numeric": st.decimals(Decimal(-(10**15)), Decimal(10**15), places=3),
}
COLUMNS = {f"c{number}": kind for number, kind in enumerate(KINDS)}
ANYTHING = Table(name="anything", key="c0", group="c0", columns=COLUMNS)
VALUES = st.fixed_dictionaries({name: st.none() | KINDS[kind] for name, kind in COLUMNS.items()})
ROWS = st.lists(st.tuples(VALUES, st.none() | st.integers(0, 9)), max_size=5)


def test_rows_come_back_as_they_were(database_url: str) -> None:
    def law(connection: Connection[TupleRow], given_rows: list[tuple[dict[str, Any], int | None]]) -> None:
        rows = [Row(values, number, ended) for number, (values, ended) in enumerate(given_rows)]
        connection.execute("TRUNCATE here.anything")
        copy(connection, "here", ANYTHING, packed(ANYTHING, rows))
        found = connection.execute("SELECT * FROM here.anything ORDER BY known_from").fetchall()
        assert found == [(*(row.values[one] for one in COLUMNS), row.known_from, row.known_to) for row in rows]

    with psycopg.connect(database_url, autocommit=True, options="-c timezone=UTC") as connection:
        connection.execute("CREATE SCHEMA here")
        connection.execute(ANYTHING.bare("here").encode())
        settings(max_examples=150, deadline=None)(given(ROWS)(lambda rows: law(connection, rows)))()


def test_every_column_of_every_view_can_be_packed() -> None:
    kinds = {kind.split()[0] for one in PROJECTIONS for table in one.tables for kind in table.columns.values()}
    assert kinds <= KINDS.keys()


def test_a_row_without_a_column_is_refused() -> None:
    with pytest.raises(KeyError):
        packed(ANYTHING, [Row({"c0": "林晓"}, 1)])


def test_json_that_is_written_already_is_packed_like_what_it_says() -> None:
    table = Table(name="one", key="id", group="id", columns={"id": "bigint NOT NULL", "said": "jsonb"})
    read, written = Row({"id": 1, "said": {"name": "林晓"}}, 3), Row({"id": 1, "said": '{"name":"林晓"}'.encode()}, 3)
    assert packed(table, [written]) == packed(table, [read])
    assert written.version() == read.version() == {"id": 1, "said": {"name": "林晓"}, "known_from": 3, "known_to": None}


def test_ids_and_instants_as_events_write_them_are_packed_like_what_they_say() -> None:
    columns = {"id": "uuid NOT NULL", "other": "uuid", "at": "timestamptz", "of": "uuid[]", "much": "numeric"}
    table = Table(name="one", key="id", group="id", columns=columns, once=True)
    one, other = "0198a000-0000-7000-8000-000000000001", "0198A000000070008000000000000002"
    at, late = "2025-03-01T09:00:00.25Z", "2025-03-01T17:00:00+08:00"
    rows = Rows()
    for entry in (
        (one, None, at, [one, other], "1.50"),
        (other, UUID(one).bytes, late, (), None),
        (other, UUID(other).bytes, late, (), None),
    ):
        rows.position += 1
        rows.enter(table, entry)
    believed = [row for _, row in rows.believed()]
    assert [row.values["id"] for row in believed] == [UUID(one), UUID(other), UUID(other)]
    assert [row.values["other"] for row in believed] == [None, UUID(one), UUID(other)]
    assert believed[0].values["at"] == datetime(2025, 3, 1, 9, 0, 0, 250_000, tzinfo=UTC)
    assert packed_entries(table, rows.entered[table]) == packed(table, believed)


@pytest.mark.parametrize(
    "entry",
    [("0198a000", "2025-03-01T09:00:00Z"), ("0198a000-0000-7000-8000-000000000001", "yesterday")],
    ids=["an id", "an instant"],
)
def test_what_is_none_is_refused(entry: tuple[str, str]) -> None:
    table = Table(name="one", key="id", group="id", columns={"id": "uuid NOT NULL", "at": "timestamptz"}, once=True)
    with pytest.raises(ValueError):  # noqa: PT011 - whoever says no: pydantic or the standard library
        packed_entries(table, [(*entry, 1)])


def test_an_instant_without_an_offset_is_refused() -> None:
    table = Table(name="one", key="id", group="id", columns={"id": "bigint NOT NULL", "at": "timestamptz"}, once=True)
    with pytest.raises(TypeError):
        packed_entries(table, [(1, "2025-03-01T09:00:00", 1)])


def test_days_and_ids_are_exact() -> None:
    table = Table(name="one", key="id", group="id", columns={"id": "uuid NOT NULL", "day": "date"})
    row = Row({"id": UUID(int=1), "day": date(2000, 1, 2)}, 3)
    fields = [(16, 1), (4, 1), (8, 3)]
    assert packed(table, [row]) == (4).to_bytes(2, "big") + b"".join(
        length.to_bytes(4, "big") + value.to_bytes(length, "big") for length, value in fields
    ) + bytes.fromhex("ffffffff")
