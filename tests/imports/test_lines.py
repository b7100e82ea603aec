"""CSV as people and spreadsheets write it: a fault costs its own row, and what was found out is said."""

from pathlib import Path

import pytest

from services.application import Zeren
from services.imports.importing import Importer
from services.imports.rejects import Rejects
from services.imports.source import Source
from services.imports.tables import look_over
from tests.imports.files import HEADER, accounts, intervals, run, save

HEAD = "account,owner,since"
EAST = "East Power,Lin,2025-03-01 09:00"
WEST = "West Rail,Wang,2025-03-02 09:00"
NORTH = '"North Grid\n",Zhao,2025-03-03 09:00'


def saved(path: Path, *lines: str, end: str = "\n", encoding: str = "utf-8") -> Path:
    path.write_bytes("".join(line + end for line in lines).encode(encoding))
    return path


def cells(path: Path, source: Source | None = None) -> list[tuple[str, ...]]:
    return [one.cells for one in look_over(path, source or Source()).rows()]


@pytest.mark.parametrize(
    "open_row",
    [
        'South,"Lin,2025-03-01 09:00',
        '"South,Lin,2025-03-01 09:00',
        'South,Lin,"2025-03-01 09:00',
        'South,Lin,"',
        'South,"12"" pipe,2025-03-01 09:00',
    ],
)
@pytest.mark.parametrize("place", [0, 1, 3])
def test_a_quotation_mark_that_stands_open_costs_its_own_row(
    zeren: Zeren, tmp_path: Path, open_row: str, place: int
) -> None:
    rows = [EAST, WEST, '"Quoted",Lin,2025-03-04 09:00']
    path = saved(tmp_path / "a.csv", HEAD, *rows[:place], open_row, *rows[place:], NORTH)
    file = look_over(path, accounts().source)
    with Rejects(tmp_path / "rejects.csv", file, "en") as rejects:
        report = Importer(zeren.handler, accounts()).run(file, rejects.add)
    assert report.rejected == {"row.damaged": 1}
    assert {customer for customer, _, _, _ in intervals(zeren)} == {"East Power", "West Rail", "Quoted", "North Grid"}
    written = (tmp_path / "rejects.csv").read_text(encoding="utf-8-sig")
    assert f"Line {place + 2} of the file" in written
    assert open_row.replace('"', '""') in written


def test_an_open_quotation_mark_that_another_one_closes_swallows_no_row_either(tmp_path: Path) -> None:
    east, inch = f"{EAST},x", 'West Rail,Wang,12",2025-03-02 09:00'
    path = saved(tmp_path / "a.csv", f"{HEAD},note", 'South,"Lin,2025-03-01 09:00,x', east, inch, east)
    rows = list(look_over(path, Source()).rows())
    assert [row.damaged for row in rows] == ["2", None, None, None]
    assert rows[1].cells == rows[3].cells == tuple(east.split(","))
    wide = saved(tmp_path / "b.csv", HEAD, 'South,"Lin,2025-03-01 09:00', EAST, 'West Rail,12",x,y', EAST)
    assert [row.damaged for row in look_over(wide, Source()).rows()] == ["2", None, None, None]


@pytest.mark.parametrize(
    "lines", [(HEAD, 'East,"Dear Lin,\nplease call, write, visit",x'), ("account,note", 'East,"Hello\nyou, there"')]
)
def test_a_text_of_several_lines_with_commas_is_one_cell(tmp_path: Path, lines: tuple[str, ...]) -> None:
    (found,) = look_over(saved(tmp_path / "a.csv", *lines), Source(delimiter=",")).rows()
    assert (found.damaged, len(found.cells)) == (None, len(lines[0].split(",")))


def test_a_row_of_several_lines_with_too_few_cells_is_one_row(tmp_path: Path) -> None:
    path = saved(tmp_path / "a.csv", HEAD, '"North\nGrid",Zhao', EAST)
    assert cells(path) == [("North\nGrid", "Zhao"), tuple(EAST.split(","))]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_every_line_end_ends_a_line(tmp_path: Path, end: str) -> None:
    path = saved(tmp_path / "a.csv", HEAD, 'South,"Lin', EAST, NORTH, WEST, end=end)
    assert cells(path) == [
        ('South,"Lin',),
        tuple(EAST.split(",")),
        ("North Grid\n", "Zhao", "2025-03-03 09:00"),
        tuple(WEST.split(",")),
    ]


def test_mixed_line_ends_end_lines(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes(f"{HEAD}\r{EAST}\r\n{WEST}\n".encode())
    assert len(cells(tmp_path / "a.csv")) == 2


@pytest.mark.parametrize(("delimiter", "said"), [(";", ";"), ("\t", "tab"), ("|", "|"), (",", ",")])
def test_the_delimiter_is_found_and_reported(zeren: Zeren, tmp_path: Path, delimiter: str, said: str) -> None:
    lines = [line.replace(",", delimiter) for line in (HEAD, EAST, WEST)]
    report, left_out = run(zeren, accounts(), saved(tmp_path / "a.csv", *lines))
    assert (report.imported, left_out, report.delimiter, report.encoding) == (2, {}, delimiter, "utf-8")
    assert len(said) in {1, 3}


@pytest.mark.parametrize(
    "lines",
    [
        ("id,name (a|b|c|d)", "1,x", "2,y"),
        ("account", "A; B", "C; D"),
        ("id,note", "1,a;b;c", "2,d;e;f"),
        ('id,"x;y;z;w"', "1,2"),
        ("account",),
    ],
)
def test_a_file_with_commas_is_read_at_its_commas(tmp_path: Path, lines: tuple[str, ...]) -> None:
    assert look_over(saved(tmp_path / "a.csv", *lines), Source()).delimiter == ","


def test_a_file_may_say_its_delimiter_itself(zeren: Zeren, tmp_path: Path) -> None:
    lines = [line.replace(",", ";") for line in (HEAD, EAST, 'South,"Lin')]
    path = saved(tmp_path / "a.csv", "sep=;", *lines, encoding="utf-8-sig")
    report, left_out = run(zeren, accounts(source={"delimiter": ","}), path)
    assert (report.imported, report.delimiter, left_out) == (1, ";", {2: "row.damaged"})
    assert [row.damaged for row in look_over(path, Source()).rows()] == [None, "4"]


def test_a_stated_delimiter_is_taken_at_its_word(tmp_path: Path) -> None:
    path = saved(tmp_path / "a.csv", "a,b;c,d", "1,2;3,4")
    assert cells(path, Source(delimiter=";")) == [("1,2", "3,4")]


def test_the_header_may_stand_below_other_rows(zeren: Zeren, tmp_path: Path) -> None:
    path = saved(tmp_path / "a.csv", "Accounts of the north", "", HEAD, EAST, 'South,"Lin', WEST)
    report, left_out = run(zeren, accounts(source={"header": 3}), path)
    assert (report.imported, report.rows, left_out) == (2, 3, {2: "row.damaged"})


def test_blank_cells_at_the_end_of_a_row_are_nothing(zeren: Zeren, tmp_path: Path) -> None:
    path = saved(tmp_path / "a.csv", f"{HEAD},,", f"{EAST},", WEST, f"{EAST},,,,", f"{EAST},,,,x")
    report, left_out = run(zeren, accounts(), path)
    assert (report.imported, report.repeated, left_out) == (2, 1, {4: "row.ragged"})


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16-le", "utf-16-be", "gb18030", "utf-32-le", "latin-1"])
def test_a_byte_order_mark_is_no_part_of_a_name_whatever_is_stated(zeren: Zeren, tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(f"\ufeff{HEAD}\n{EAST}\n".encode("utf-8" if encoding == "latin-1" else encoding))
    report, left_out = run(zeren, accounts(source={"encoding": encoding}), path)
    assert (report.imported, left_out) == (1, {})


def test_numbers_that_are_kept_as_text_are_read_as_text(zeren: Zeren, tmp_path: Path) -> None:
    path = saved(tmp_path / "a.csv", HEAD, '="00123",Lin,2025-03-01 09:00', '"=""0""""9""",Lin,2025-03-01 09:00')
    run(zeren, accounts(), path)
    assert {customer for customer, _, _, _ in intervals(zeren)} == {"00123", '0"9'}


ONE = ("\ufeffA１２", "Lin", "2025-03-01 09:00")
SAME = ("A\u200b12", "Lin", "2025-03-01 09:00")
TOO = ("Ａ12\u2060", "Wang", "2025-03-05 09:00")


def test_keys_are_normalised_where_the_mapping_says_so(zeren: Zeren, tmp_path: Path) -> None:
    mapping = accounts(source={"normalised": ["account"]})
    report, left_out = run(zeren, mapping, save(tmp_path / "a.csv", [ONE, SAME, TOO]))
    assert (report.imported, report.repeated, left_out) == (2, 1, {})
    assert [(customer, holder) for customer, holder, _, _ in intervals(zeren)] == [("A12", "Lin"), ("A12", "Wang")]


def test_keys_are_taken_as_they_stand_where_the_mapping_does_not(zeren: Zeren, tmp_path: Path) -> None:
    run(zeren, accounts(), save(tmp_path / "a.csv", [ONE, SAME, TOO]))
    assert len({customer for customer, _, _, _ in intervals(zeren)}) == 3


@pytest.mark.parametrize("error", ["#N/A", "#REF!", "#DIV/0!"])
def test_what_a_spreadsheet_could_not_compute_is_no_value_in_text_either(
    zeren: Zeren, tmp_path: Path, error: str
) -> None:
    _, left_out = run(zeren, accounts(), save(tmp_path / "a.csv", [(error, "Lin", "2025-03-01 09:00")]))
    assert left_out == {1: "row.cell-error"}
    assert HEADER[0] == "account"
