"""Which encoding a file is in."""

from pathlib import Path

import pytest

from services.imports.mapping import Source
from services.imports.reasons import UnusableError, reason
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
