"""Times as spreadsheets and people write them, and the days that they lie on."""

from pathlib import Path
from typing import Any

import pytest

from services.application import Zeren
from services.imports.mapping import Mapping
from services.imports.reasons import RowRejectedError, code_of, reason
from services.imports.tables import look_over
from services.imports.values import Reader, RowValues
from tests.imports.files import accounts, log, run, save
from tests.imports.workbooks import row, text, texts, workbook

SHANGHAI = {"column": "since", "formats": ["%Y-%m-%d %H:%M"], "time_zone": "Asia/Shanghai"}
HALVES = ["%Y/%m/%d %p%I:%M", "%Y-%m-%d %p %I:%M:%S"]
STYLES = '<cellXfs><xf numFmtId="0"/><xf numFmtId="22"/><xf numFmtId="14"/><xf numFmtId="20"/></cellXfs>'
MAC = '<workbookPr date1904="true"/>'


def timed(**changes: Any) -> Mapping:
    return accounts(instants={"from_then": {**SHANGHAI, **changes}})


def read(mapping: Mapping, path: Path) -> tuple[str | None, str | None]:
    """The instant of the first row, and its day."""
    file = look_over(path, mapping.source)
    reader, first = Reader(mapping, file), next(file.rows())
    reader.require_readable(first)
    return RowValues(reader, first).get("from_then"), RowValues(reader, first).get("from_then.date")


def said(tmp_path: Path, written: str, **changes: Any) -> tuple[str | None, str | None]:
    """What a text in a CSV file means."""
    return read(timed(**changes), save(tmp_path / "a.csv", [("East", "Lin", written)]))


def counted(tmp_path: Path, *cells: str, properties: str = "", header: str = "", **changes: Any) -> Any:
    """What cells in the last columns of a workbook mean."""
    head = texts(1, "account", "owner", "since", *filter(None, [header]))
    rows = [head, row(2, text("A2", "East"), text("B2", "Lin"), *cells)]
    path = workbook(tmp_path / "a.xlsx", rows, styles=STYLES, properties=properties)
    return read(timed(**changes), path)


def refused(code: str, asked: Any, *arguments: Any, **changes: Any) -> None:
    with pytest.raises(RowRejectedError) as rejected:
        asked(*arguments, **changes)
    assert code_of(rejected.value) == code
    assert reason(rejected.value, "en") != reason(rejected.value, "zh")


@pytest.mark.parametrize(
    ("written", "instant"),
    [
        ("2025/3/1 下午2:30", "2025-03-01T06:30"),
        ("2025/3/1 上午9:30", "2025-03-01T01:30"),
        ("2025/3/1 上午12:05", "2025-02-28T16:05"),
        ("2025/3/1 下午12:05", "2025-03-01T04:05"),
        ("2025-03-01 下午 2:30:15", "2025-03-01T06:30:15"),
        ("2025/3/1 PM2:30", "2025-03-01T06:30"),
    ],
)
def test_the_halves_of_the_day_are_understood_in_chinese(tmp_path: Path, written: str, instant: str) -> None:
    at, day = said(tmp_path, written, formats=HALVES)
    assert (str(at)[: len(instant)], day) == (instant, "2025-03-01")


@pytest.mark.parametrize(
    ("cell", "properties"),
    [
        ('<c r="C2"><v>45717.375</v></c>', ""),
        ('<c r="C2"><v>44255.375</v></c>', MAC),
        ('<c r="C2" s="1"><v>45717.375</v></c>', ""),
        ('<c r="C2" s="1"><v>44255.375</v></c>', MAC),
        (text("C2", "45717.375"), ""),
    ],
)
def test_days_that_excel_counts_are_times_where_the_mapping_says_so(tmp_path: Path, cell: str, properties: str) -> None:
    at, day = counted(tmp_path, cell, properties=properties, formats=["%Y-%m-%d", "excel"])
    assert (str(at)[:16], day) == ("2025-03-01T01:00", "2025-03-01")


def test_days_that_excel_counts_are_read_in_text_too(tmp_path: Path) -> None:
    assert said(tmp_path, "45717.375", formats=["excel"])[1] == "2025-03-01"
    for written in ("0.5", "1e9", "99999999", "4,5", "-1", "45717 9:00"):
        refused("row.instant-unreadable", said, tmp_path, written, formats=["excel"])


def test_a_number_is_not_guessed_to_be_a_time(tmp_path: Path) -> None:
    refused("row.instant-number", counted, tmp_path, '<c r="C2"><v>45717.375</v></c>')
    refused("row.instant-unreadable", said, tmp_path, "45717.375")


def test_a_day_and_its_time_may_stand_in_two_columns(zeren: Zeren, tmp_path: Path) -> None:
    mapping = timed(time_column="clock")
    header = ("account", "owner", "since", "clock")
    rows = [("East", "Lin", "2025-03-01", "09:00"), ("West", "Lin", "2025-03-01", ""), ("North", "Lin", "", "09:00")]
    path = save(tmp_path / "a.csv", rows, header=header)
    assert read(mapping, path) == ("2025-03-01T01:00:00.000000+00:00", "2025-03-01")
    _, left_out = run(zeren, mapping, path)
    assert left_out == {2: "row.absent", 3: "row.absent"}


@pytest.mark.parametrize(
    ("day", "clock"),
    [
        ('<c r="C2" s="2"><v>45717</v></c>', '<c r="D2" s="3"><v>0.375</v></c>'),
        ('<c r="C2" s="2"><v>45717</v></c>', text("D2", "9:00")),
        (text("C2", "2025-03-01"), '<c r="D2" s="3"><v>0.375</v></c>'),
        ('<c r="C2"><v>45717</v></c>', '<c r="D2"><v>0.375</v></c>'),
    ],
)
def test_a_day_and_its_time_may_stand_in_two_columns_of_a_workbook(tmp_path: Path, day: str, clock: str) -> None:
    formats = ["%Y-%m-%d %H:%M", "excel"]
    at, local = counted(tmp_path, day, clock, header="clock", time_column="clock", formats=formats)
    assert (str(at)[:16], local) == ("2025-03-01T01:00", "2025-03-01")


OFFSET: dict[str, Any] = {"formats": ["%Y-%m-%dT%H:%M%z"], "time_zone": None}


def test_a_time_without_a_zone_is_left_out_where_the_mapping_names_none(tmp_path: Path) -> None:
    time = '<c r="C2" s="1"><v>45717.375</v></c>'
    refused("row.instant-zoneless", counted, tmp_path, time, **OFFSET)
    refused("row.instant-zoneless", counted, tmp_path, text("C2", "2025-03-01T09:00:00"), **OFFSET)
    assert str(counted(tmp_path, time, **{**OFFSET, "time_zone": "Asia/Shanghai"})[0])[:16] == "2025-03-01T01:00"
    assert str(counted(tmp_path, text("C2", "2025-03-01T09:00+08:00"), **OFFSET)[0])[:16] == "2025-03-01T01:00"


@pytest.mark.parametrize(
    ("written", "zone", "day", "noon"),
    [
        ("2025-02-28T16:30Z", "Asia/Shanghai", "2025-03-01", "2025-03-01T04:00"),
        ("2025-03-01T03:00+0000", "America/New_York", "2025-02-28", "2025-02-28T17:00"),
        ("2025-03-01T00:30+0800", None, "2025-03-01", "2025-03-01T04:00"),
    ],
)
def test_the_day_of_an_instant_is_that_of_its_place(
    tmp_path: Path, written: str, zone: str | None, day: str, noon: str
) -> None:
    changes = {"formats": ["%Y-%m-%dT%H:%M%z"], "time_zone": zone}
    assert said(tmp_path, written, **changes)[1] == day
    at, of_noon = said(tmp_path, written, **changes, precision="date", time="12:00")
    assert (str(at)[:16], of_noon) == (noon, day)


@pytest.mark.parametrize(
    ("written", "zone", "day"),
    [("2025-03-01 00:00", "UTC", "2025-03-01"), ("2025-02-28 19:00", "America/New_York", "2025-02-28")],
)
def test_a_command_that_asks_for_a_day_gets_the_local_one(
    zeren: Zeren, tmp_path: Path, written: str, zone: str, day: str
) -> None:
    commands = accounts().model_dump(by_alias=True, exclude_none=True)["commands"]
    commands[1]["body"]["registered_on"] = "{from_then}"
    mapping = accounts(commands=commands, instants={"from_then": {**SHANGHAI, "time_zone": zone}})
    _, left_out = run(zeren, mapping, save(tmp_path / "a.csv", [("East", "Lin", written)]))
    registered = next(one.event for one in log(zeren) if one.event.event_name == "customer.registered")
    assert (str(registered.model_dump()["registered_on"]), left_out) == (day, {})


@pytest.mark.parametrize("written", ["0001-01-01 00:00", "9999-12-31 23:59", "1899-12-31 09:00", "2200-01-02 00:00"])
def test_a_time_that_nobody_means_leaves_its_row_out(zeren: Zeren, tmp_path: Path, written: str) -> None:
    _, left_out = run(zeren, accounts(), save(tmp_path / "a.csv", [("East", "Lin", written)]))
    assert left_out == {1: "row.instant-unreadable"}
