"""CSV and XLSX files, packed or not, whole or damaged."""

import gzip
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import pytest
from openpyxl import Workbook

from services.imports.headers import places
from services.imports.reasons import UnusableError, reason
from services.imports.sorting import in_order
from services.imports.source import Source
from services.imports.tables import Row, look_over
from tests.imports.files import ACCOUNTS, HEADER, accounts, save, written

ROWS = [("East Power", "Lin", "2025-03-01 09:00")]


def refused(path: Path, source: Source | None = None) -> UnusableError:
    with pytest.raises(UnusableError) as error:
        look_over(path, source or Source())
    assert reason(error.value, "en") != reason(error.value, "zh")
    return error.value


def test_a_packed_file_has_the_digest_of_its_content(tmp_path: Path) -> None:
    plain = look_over(save(tmp_path / "a.csv", ROWS), Source())
    (tmp_path / "b.csv.gz").write_bytes(gzip.compress(written(ROWS).encode()))
    packed = look_over(tmp_path / "b.csv.gz", Source())
    assert packed.digest == plain.digest
    assert list(packed.rows()) == list(plain.rows()) == [Row(1, ROWS[0])]


def test_blank_lines_are_counted_and_left_out(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("account,owner,since\n\nEast Power,Lin,2025-03-01 09:00\n,,\n", encoding="utf-8")
    assert [row.number for row in look_over(path, Source()).rows()] == [2]


def test_a_row_with_a_stray_quotation_mark_is_marked_and_the_next_one_read(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text('account,owner,since\n"East" Power,Lin,x\nWest Rail,Wang,y\n', encoding="utf-8")
    assert list(look_over(path, Source()).rows()) == [
        Row(1, ('"East" Power,Lin,x',), damaged="2"),
        Row(2, ("West Rail", "Wang", "y")),
    ]


def test_a_workbook_gives_its_cells_as_text(tmp_path: Path) -> None:
    book = Workbook()
    book.create_sheet("owners")
    book["owners"].append([*HEADER, "visits", "share", "key"])
    book["owners"].append(["East Power", None, datetime(2025, 3, 1, 9, 0), 12.0, 0.25, True])  # noqa: DTZ001 - as in Excel
    book.save(tmp_path / "a.xlsx")
    file = look_over(tmp_path / "a.xlsx", Source(sheet="owners"))
    assert [row.cells for row in file.rows()] == [("East Power", "", "2025-03-01T09:00:00", "12", "0.25", "true")]
    assert refused(tmp_path / "a.xlsx", Source(sheet="none")).code == "sheet.absent"


def test_files_that_cannot_be_read_are_refused(tmp_path: Path) -> None:
    (tmp_path / "empty.csv").write_text("", encoding="utf-8")
    (tmp_path / "broken.xlsx").write_text("no workbook", encoding="utf-8")
    (tmp_path / "broken.csv.gz").write_text("not packed", encoding="utf-8")
    (tmp_path / "picture.png").write_text("", encoding="utf-8")
    assert refused(tmp_path / "none.csv").code == "file.absent"
    assert refused(tmp_path / "empty.csv").code == "file.empty"
    assert refused(tmp_path / "broken.xlsx").code == "file.unreadable"
    assert refused(tmp_path / "broken.csv.gz").code == "file.unreadable"
    assert refused(tmp_path / "picture.png").code == "file.kind-unknown"


def test_a_duplicate_header_is_refused_unless_the_mapping_tells_the_columns_apart(tmp_path: Path) -> None:
    path = save(tmp_path / "a.csv", [("East Power", "Lin", "2025-03-01 09:00", "Wang")], header=(*HEADER, "owner"))
    with pytest.raises(UnusableError) as error:
        places(accounts(), look_over(path, Source()))
    assert error.value.code == "header.duplicate"
    assert error.value.details == {"file": "a.csv", "column": "owner", "ordinals": "2, 4"}
    assert "“owner”重复" in reason(error.value, "zh")
    told = accounts(source={"columns": {"deputy": {"ordinal": 4, "header": "owner"}}})
    assert places(told, look_over(path, told.source)) == {"account": 0, "owner": 1, "since": 2, "deputy": 3}


def test_a_header_that_the_mapping_does_not_fit_is_refused(tmp_path: Path) -> None:
    def code(*header: str, rows: Sequence[Sequence[str]] = (), **changes: object) -> str:
        path = save(tmp_path / "a.csv", rows, header=header)
        with pytest.raises(UnusableError) as error:
            places(accounts(**changes), look_over(path, Source()))
        return error.value.code

    assert code("account", "owner") == "header.absent"
    assert code(*HEADER, "", rows=[("East Power", "Lin", "x", "1")]) == "header.blank"
    assert code(*HEADER, "customer") == "header.taken"
    elsewhere = {"columns": {"deputy": {"ordinal": 9, "header": "owner"}}}
    assert code(*HEADER, source=elsewhere) == "header.otherwise"
    assert ACCOUNTS["rows"]["key"] == "{account}"


def test_rows_are_sorted_in_bounded_memory_and_ties_keep_their_order() -> None:
    rows = [Row(number, (str(number * 7919 % 10),)) for number in range(1, 101)]
    found = list(in_order([((row.cells[0],), row) for row in rows], run=8))
    assert found == sorted(rows, key=lambda row: (row.cells[0], row.number))
