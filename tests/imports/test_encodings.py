"""Which encoding a file is in."""

from pathlib import Path

import pytest

from services.imports.reasons import UnusableError, reason
from services.imports.source import Source
from services.imports.tables import look_over
from tests.imports.files import HEADER, save, written

ROWS = [("华东电力", "林悦", "2025-03-01 09:00"), ("西南铁路", "王磊", "2025-03-02 09:00")]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_the_encoding_is_found_out_and_the_text_read(tmp_path: Path, encoding: str) -> None:
    file = look_over(save(tmp_path / "accounts.csv", ROWS, encoding), Source())
    assert file.header == HEADER
    assert [row.cells for row in file.rows()] == ROWS


@pytest.mark.parametrize("encoding", ["gb18030", "big5", "latin-1"])
def test_a_stated_encoding_is_taken_at_its_word(tmp_path: Path, encoding: str) -> None:
    rows = [("Café" if encoding == "latin-1" else "臺北", "Lin", "2025-03-01 09:00")]
    file = look_over(save(tmp_path / "accounts.csv", rows, encoding), Source(encoding=encoding))
    assert [row.cells for row in file.rows()] == rows


@pytest.mark.parametrize("encoding", ["klingon", "rot13", "base64"])
def test_an_encoding_that_is_none_is_refused(tmp_path: Path, encoding: str) -> None:
    path = save(tmp_path / "accounts.csv", ROWS)
    with pytest.raises(UnusableError) as refused:
        look_over(path, Source(encoding=encoding))
    assert refused.value.code == "encoding.unknown"
    assert encoding in reason(refused.value, "en")
    assert "gb18030" in reason(refused.value, "zh")


def test_a_file_of_two_encodings_is_refused_with_the_lines(tmp_path: Path) -> None:
    path = tmp_path / "accounts.csv"
    first, second, third = written(ROWS).splitlines(keepends=True)
    path.write_bytes(first.encode() + second.encode() + third.encode("gb18030"))
    with pytest.raises(UnusableError) as refused:
        look_over(path, Source())
    assert refused.value.code == "encoding.mixed"
    assert refused.value.details == {"file": "accounts.csv", "utf8_line": "2", "line": "3"}
    assert "第2行" in reason(refused.value, "zh").replace(" ", "")


def test_a_file_of_no_known_encoding_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "accounts.csv"
    path.write_bytes(b"account,owner,since\r\nCaf\xff,Lin,2025-03-01 09:00\r\n")
    with pytest.raises(UnusableError) as refused:
        look_over(path, Source())
    assert refused.value.code == "encoding.undetected"
    assert refused.value.details["line"] == "2"


def test_a_file_that_is_not_in_the_stated_encoding_is_refused(tmp_path: Path) -> None:
    path = save(tmp_path / "accounts.csv", ROWS, "gb18030")
    with pytest.raises(UnusableError) as refused:
        look_over(path, Source(encoding="ascii"))
    assert refused.value.code == "encoding.wrong"
    assert refused.value.details == {"file": "accounts.csv", "encoding": "ascii", "line": "2"}


def test_a_short_text_in_gb18030_that_could_be_utf8_does_not_make_the_file_mixed(tmp_path: Path) -> None:
    rows = [("脗脙", "Lin", "2025-03-01 09:00"), *ROWS]
    assert rows[0][0].encode("gb18030").decode("utf-8")
    assert look_over(save(tmp_path / "accounts.csv", rows, "gb18030"), Source()).encoding == "gb18030"


BIG5 = [("臺北電力公司", "陳美玲", "2025-03-01 09:00"), ("高雄鐵路", "王大明", "2025-03-02 09:00")]
WESTERN = [("Straßenbau Müller", "Jörg", "2025-03-01 09:00"), ("Peña Hermanos", "Inés", "2025-03-01 09:00")]


@pytest.mark.parametrize(
    ("rows", "encoding", "suspected"),
    [
        (BIG5, "big5", "big5"),
        ([("台積電", "林", "x")], "big5", "big5"),
        (WESTERN, "latin-1", "windows-1252"),
        ([("Cafés", "Lin", "x")], "windows-1252", "windows-1252"),
    ],
)
def test_what_may_be_another_encoding_is_not_guessed_but_shown(
    tmp_path: Path, rows: list[tuple[str, str, str]], encoding: str, suspected: str
) -> None:
    path = save(tmp_path / "accounts.csv", rows, encoding)
    path.read_bytes().decode("gb18030")
    with pytest.raises(UnusableError) as refused:
        look_over(path, Source())
    assert refused.value.code == "encoding.doubtful"
    assert (refused.value.details["encoding"], refused.value.details["line"]) == (suspected, "2")
    first = ",".join(rows[0])[:20]
    assert first in reason(refused.value, "en")
    assert first in reason(refused.value, "zh")
    assert first not in refused.value.details["as_gb18030"] != ""
    assert [row.cells for row in look_over(path, Source(encoding=suspected)).rows()] == rows


COMMON = [
    ("华东电力集团", "林悦", "x"),
    ("王磊", "张三", "x"),
    ("鑫淼科技", "晖", "x"),
    ("陈", "李", "x"),
    ("臺灣電力股份有限公司", "陳玥喆", "x"),
    ("上海“浦东”（集团）公司，第３部", "欧阳娜娜", "x"),
]


@pytest.mark.parametrize("row", COMMON)
def test_chinese_in_gb18030_is_beyond_doubt(tmp_path: Path, row: tuple[str, str, str]) -> None:
    for rows in ([row], [row, *COMMON]):
        file = look_over(save(tmp_path / "accounts.csv", rows, "gb18030"), Source())
        assert (file.encoding, [one.cells for one in file.rows()]) == ("gb18030", rows)


def test_a_file_that_ends_within_a_character_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "accounts.csv"
    path.write_bytes(written(ROWS).encode("utf-16")[:-1])
    with pytest.raises(UnusableError) as refused:
        look_over(path, Source())
    assert refused.value.code == "encoding.wrong"
