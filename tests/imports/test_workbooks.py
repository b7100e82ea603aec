"""Workbooks as other programs write them: nothing in them is lost without a word."""

import gzip
import zipfile
from pathlib import Path

import pytest

from services.application import Zeren
from services.imports.reasons import RowRejectedError, UnusableError, reason
from services.imports.source import Source
from services.imports.tables import SourceFile, look_over
from services.imports.values import Reader
from tests.imports.files import HEADER, accounts, run
from tests.imports.workbooks import STRICT, TRANSITIONAL, row, text, texts, workbook

HEAD = texts(1, *HEADER)
EAST = texts(2, "East Power", "Lin", "2025-03-01 09:00")
WEST = texts(3, "West Rail", "Wang", "2025-03-02 09:00")
STYLES = '<cellXfs count="5"><xf numFmtId="0"/><xf numFmtId="22"/><xf numFmtId="31"/><xf numFmtId="165"/></cellXfs>'
OWN = '<numFmts count="1"><numFmt numFmtId="165" formatCode="yyyy/m/d\\ 上午/下午h:mm"/></numFmts>'


def cells(file: SourceFile) -> list[tuple[str, ...]]:
    return [one.cells for one in file.rows()]


def refused(path: Path, source: Source | None = None) -> str:
    with pytest.raises(UnusableError) as error:
        list(look_over(path, source or Source()).rows())
    assert reason(error.value, "en") != reason(error.value, "zh")
    return error.value.code


@pytest.mark.parametrize("said", ["A1", "A1:C1", "A1:B2", "A1:XFD1048576"])
def test_what_a_sheet_says_of_its_size_hides_no_row(zeren: Zeren, tmp_path: Path, said: str) -> None:
    path = workbook(tmp_path / "a.xlsx", [HEAD, EAST, WEST], before=f'<dimension ref="{said}"/>')
    report, left_out = run(zeren, accounts(), path)
    assert (report.rows, report.imported, left_out) == (2, 2, {})


def test_rows_and_cells_that_do_not_say_where_they_stand_follow_one_another(tmp_path: Path) -> None:
    rows = [one.replace(' r="', ' was="') for one in (HEAD, EAST, WEST)]
    file = look_over(workbook(tmp_path / "a.xlsx", rows), Source())
    assert cells(file) == [("East Power", "Lin", "2025-03-01 09:00"), ("West Rail", "Wang", "2025-03-02 09:00")]


def test_a_row_far_down_keeps_its_number(tmp_path: Path) -> None:
    file = look_over(workbook(tmp_path / "a.xlsx", [HEAD, texts(1_048_576, "East Power")]), Source())
    assert [(one.number, one.cells) for one in file.rows()] == [(1_048_575, ("East Power",))]


@pytest.mark.parametrize("space", [STRICT, TRANSITIONAL])
def test_strict_workbooks_are_read_like_others(tmp_path: Path, space: str) -> None:
    times = row(
        2, text("A2", "East"), '<c r="B2" t="d"><v>2025-03-01T09:00:00</v></c>', '<c r="C2" s="1"><v>45717.375</v></c>'
    )
    file = look_over(workbook(tmp_path / "a.xlsx", [HEAD, times], styles=STYLES, space=space), Source())
    assert cells(file) == [("East", "2025-03-01T09:00:00", "2025-03-01T09:00:00")]


def test_formats_that_only_decorate_are_not_even_looked_at(tmp_path: Path) -> None:
    styles = f'<fonts/><fills count="1"><fill/></fills><borders><border wrong="x"/></borders>{STYLES}'
    file = look_over(workbook(tmp_path / "a.xlsx", [HEAD, EAST], styles=styles), Source())
    assert cells(file) == [("East Power", "Lin", "2025-03-01 09:00")]


def test_texts_are_read_without_their_looks_and_reading_aids(tmp_path: Path) -> None:
    rich = '<c r="A2" t="inlineStr"><is><r><rPr/><t>East </t></r><r><t>Power</t></r><rPh><t>guide</t></rPh></is></c>'
    flags = '<c r="B2" t="b"><v>1</v></c><c r="C2" t="b"><v>false</v></c><c r="D2"><v>1.2E1</v></c>'
    file = look_over(workbook(tmp_path / "a.xlsx", [HEAD, row(2, rich, flags)]), Source())
    assert cells(file) == [("East Power", "true", "false", "12")]


@pytest.mark.parametrize("style", [1, 2, 3])
@pytest.mark.parametrize(("properties", "serial"), [("", 45717.375), ('<workbookPr date1904="1"/>', 44255.375)])
def test_numbers_are_times_where_their_format_says_so(
    tmp_path: Path, style: int, properties: str, serial: float
) -> None:
    rows = [HEAD, row(2, text("A2", "East"), f'<c r="B2" s="{style}"><v>{serial}</v></c>')]
    file = look_over(workbook(tmp_path / "a.xlsx", rows, styles=OWN + STYLES, properties=properties), Source())
    assert cells(file) == [("East", "2025-03-01T09:00:00")]


def test_the_first_visible_sheet_is_read_and_named(zeren: Zeren, tmp_path: Path) -> None:
    names = [("Cover", "visible"), ("Old", "hidden"), ("Older", "veryHidden"), ("客户", "visible")]
    other = [HEAD, texts(2, "Nobody", "Nobody", "2025-03-01 09:00")]
    path = workbook(tmp_path / "a.xlsx", [], other, other, [HEAD, EAST], names=names, charts=[0])
    report, _ = run(zeren, accounts(), path)
    assert (report.sheet, report.imported, report.rows) == ("客户", 1, 1)
    assert refused(path, Source(sheet="Cover")) == "sheet.without-cells"
    assert refused(path, Source(sheet="Absent")) == "sheet.absent"
    assert cells(look_over(path, Source(sheet="Old"))) == [("Nobody", "Nobody", "2025-03-01 09:00")]


def test_a_workbook_without_visible_cells_is_refused(tmp_path: Path) -> None:
    hidden = workbook(tmp_path / "a.xlsx", [HEAD], names=[("Old", "hidden")])
    charts = workbook(tmp_path / "b.xlsx", [], names=[("Chart", "visible")], charts=[0])
    assert refused(hidden) == refused(charts) == "sheet.none-visible"


def test_a_row_with_a_value_that_was_not_computed_is_left_out_with_the_reason(zeren: Zeren, tmp_path: Path) -> None:
    def owner(number: int, cell: str) -> str:
        return row(number, text(f"A{number}", "East"), cell, text(f"C{number}", f"2025-03-0{number} 09:00"))

    rows = [
        HEAD,
        owner(2, '<c r="B2"><f>D2</f></c>'),
        owner(3, '<c r="B3" t="e"><f>D3</f><v>#N/A</v></c>'),
        owner(4, '<c r="B4" t="e"><v>#REF!</v></c>'),
        owner(5, '<c r="B5" t="str"><f>D5</f><v></v></c>'),
        owner(6, '<c r="B6" t="str"><f>D6</f><v>Lin</v></c>'),
        row(7, '<c r="B7"><f>D7</f></c>'),
        row(8, '<c r="D8"><f>A8</f></c>'),
    ]
    report, left_out = run(zeren, accounts(), workbook(tmp_path / "a.xlsx", rows))
    assert left_out == {1: "row.not-computed", 2: "row.cell-error", 3: "row.cell-error", 6: "row.not-computed"}
    assert (report.rows, report.imported, report.unchanged) == (6, 2, 0)


def test_what_could_not_be_computed_is_named(tmp_path: Path) -> None:
    rows = [HEAD, texts(2, "East Power", "#REF!", "2025-03-01 09:00")]
    file = look_over(workbook(tmp_path / "a.xlsx", rows), Source())
    with pytest.raises(RowRejectedError) as rejected:
        Reader(accounts(), file).require_readable(next(file.rows()))
    assert "“owner” says #REF!" in reason(rejected.value, "en")
    assert "“owner”的值为#REF!" in reason(rejected.value, "zh").replace(" ", "")


def test_an_error_in_a_column_that_nobody_reads_or_that_means_absent_keeps_no_row_out(
    zeren: Zeren, tmp_path: Path
) -> None:
    rows = [texts(1, *HEADER, "note"), texts(2, "East Power", "#N/A", "2025-03-01 09:00", "#REF!")]
    report, left_out = run(zeren, accounts(source={"unknown": ["#N/A"]}), workbook(tmp_path / "a.xlsx", rows))
    assert (report.imported, left_out) == (1, {})


def test_merged_cells_stand_for_every_row_where_the_mapping_says_so(tmp_path: Path) -> None:
    merged = '<mergeCells count="2"><mergeCell ref="A2:A4"/><mergeCell ref="B3:C4"/></mergeCells>'
    rows = [HEAD, texts(2, "East", "Lin", "x"), row(3, text("B3", "Wang")), row(4, text("C4", "y")), texts(5, "West")]
    path = workbook(tmp_path / "a.xlsx", rows, after=merged)
    assert cells(look_over(path, Source(merged="fill"))) == [
        ("East", "Lin", "x"),
        ("East", "Wang"),
        ("East", "Wang", "y"),
        ("West",),
    ]
    assert cells(look_over(path, Source()))[1:] == [("", "Wang"), ("", "", "y"), ("West",)]


def test_blank_cells_and_nameless_columns_without_values_are_nothing(zeren: Zeren, tmp_path: Path) -> None:
    header = row(1, text("A1", "account"), text("C1", "owner"), text("D1", "since"), '<c r="F1" s="1"/>')
    short = row(3, text("A3", "West Rail"), text("D3", "2025-03-02 09:00"))
    east = row(2, text("A2", "East"), text("C2", "Lin"), text("D2", "2025-03-01 09:00"), '<c r="H2" s="1"/>')
    path = workbook(tmp_path / "a.xlsx", [header, east, short])
    report, left_out = run(zeren, accounts(), path)
    assert (report.imported + report.unchanged, left_out) == (2, {})
    beside = workbook(tmp_path / "b.xlsx", [header, east, row(3, text("B3", "2"))])
    with pytest.raises(UnusableError) as error:
        run(zeren, accounts(), beside)
    assert (error.value.code, error.value.details["ordinal"]) == ("header.blank", "2")


def test_the_header_may_stand_further_down(zeren: Zeren, tmp_path: Path) -> None:
    rows = [texts(1, "Accounts of the north"), texts(3, *HEADER), texts(4, "East Power", "Lin", "2025-03-01 09:00")]
    path = workbook(tmp_path / "a.xlsx", rows)
    report, left_out = run(zeren, accounts(source={"header": 3}), path)
    assert (report.imported, left_out) == (1, {})
    assert refused(path, Source(header=2)) == refused(path, Source(header=9)) == "file.empty"


def test_a_packed_workbook_is_read(tmp_path: Path) -> None:
    plain = look_over(workbook(tmp_path / "a.xlsx", [HEAD, EAST]), Source())
    (tmp_path / "b.xlsx.gz").write_bytes(gzip.compress((tmp_path / "a.xlsx").read_bytes()))
    packed = look_over(tmp_path / "b.xlsx.gz", Source())
    assert (packed.digest, cells(packed)) == (plain.digest, cells(plain))


def spoilt(path: Path, part: str, content: bytes) -> Path:
    """A workbook with another content of one part."""
    other = path.with_name("spoilt.xlsx")
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(other, "w") as new:
        for name in old.namelist():
            new.writestr(name, content if name == part else old.read(name))
    return other


def test_damaged_and_wrong_workbooks_are_refused_before_anything_is_done(tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx", [HEAD, EAST, WEST], styles=STYLES)
    whole = path.read_bytes()
    for cut in (100, len(whole) // 2, len(whole) - 30):
        (tmp_path / "cut.xlsx").write_bytes(whole[:cut])
        assert refused(tmp_path / "cut.xlsx") == "file.unreadable"
    sheet = "xl/worksheets/sheet1.xml"
    with zipfile.ZipFile(path) as archive:
        half = archive.read(sheet)[:-60]
    for part, content in (
        (sheet, half),
        (sheet, b"\x00\x01"),
        (sheet, b'<worksheet><sheetData><row><c r="ZZZZ1"><v>1</v></c></row></sheetData></worksheet>'),
        (sheet, b'<worksheet><sheetData><row><c t="s"><v>7</v></c></row></sheetData></worksheet>'),
        (sheet, b"<worksheet><sheetData><row><c><v>seven</v></c></row></sheetData></worksheet>"),
        ("xl/workbook.xml", b"<workbook"),
    ):
        assert refused(spoilt(path, part, content)) == "file.unreadable"
    flipped = bytearray(whole)
    with zipfile.ZipFile(path) as archive:
        flipped[archive.getinfo(sheet).header_offset + 30 + len(sheet) + 20] ^= 0xFF
    (tmp_path / "flipped.xlsx").write_bytes(bytes(flipped))
    assert refused(tmp_path / "flipped.xlsx") == "file.unreadable"


def test_files_of_another_kind_are_refused_with_what_they_are(tmp_path: Path) -> None:
    (tmp_path / "old.xlsx").write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512))
    (tmp_path / "page.xlsx").write_text("<html><table></table></html>", encoding="utf-8")
    (tmp_path / "empty.xlsx").write_bytes(b"")
    workbook(tmp_path / "a.csv", [HEAD, EAST])
    (tmp_path / "b.csv").write_text("account,owner\n", encoding="utf-16-le")
    with zipfile.ZipFile(tmp_path / "other.xlsx", "w") as archive:
        archive.writestr("word/document.xml", "<document/>")
    assert refused(tmp_path / "old.xlsx") == "file.old-workbook"
    assert refused(tmp_path / "a.csv") == refused(tmp_path / "b.csv") == "file.no-text"
    for name in ("page.xlsx", "empty.xlsx", "other.xlsx"):
        assert refused(tmp_path / name) == "file.unreadable"
