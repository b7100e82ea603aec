"""`zeren import` as it is typed."""

from pathlib import Path

import psycopg
import pytest

from services.application import Zeren
from services.imports.importing import Importer
from services.store.writing.group_commit import ClosedError
from tests.cli.running import run
from tests.imports.files import HEADER, intervals, save
from tests.imports.workbooks import texts, workbook

MAPPING = """
name = "accounts"
version = 1
[rows]
key = "{account}"
order = ["from_then"]
[instants.from_then]
column = "since"
formats = ["%Y-%m-%d %H:%M"]
time_zone = "Asia/Shanghai"
[ids]
customer = "{account}"
person = "{owner}"
[[commands]]
command = "register-person"
stream = "person:{person}"
creates = true
body.name = "{owner}"
[[commands]]
command = "register-customer"
stream = "customer:{customer}"
creates = true
body.name = "{account}"
[[track]]
stream = "customer:{customer}"
role = "account_manager"
person = "{person}"
at = "from_then"
"""
GOOD = ("华东电力", "林悦", "2025-03-01 09:00")
BAD = ("华东电力", "王磊", "次日")


@pytest.fixture
def mapping(tmp_path: Path) -> str:
    path = tmp_path / "accounts.toml"
    path.write_text(MAPPING, encoding="utf-8")
    return str(path)


def test_an_import_reports_and_the_views_show_it(zeren: Zeren, database_url: str, mapping: str, tmp_path: Path) -> None:
    file = save(tmp_path / "a.csv", [GOOD], "gb18030")
    done = run("import", mapping, str(file), ZEREN_DATABASE_URL=database_url)
    assert done.exit_code == 0, done.output
    assert "responsibility.assigned" in done.output
    assert intervals(zeren) == [("华东电力", "林悦", "2025-03-01 01:00", None)]


def test_rows_left_out_are_reported_in_the_language_of_the_reader(
    zeren: Zeren, database_url: str, mapping: str, tmp_path: Path
) -> None:
    file, rejects = save(tmp_path / "a.csv", [GOOD, BAD]), tmp_path / "rejects.csv"
    options = ("--rejects", str(rejects), "--language", "zh")
    done = run("import", mapping, str(file), *options, ZEREN_DATABASE_URL=database_url)
    assert done.exit_code == 1
    assert f"未导入的行及其原因见{rejects}" in done.output
    assert "不是符合格式" in rejects.read_text(encoding="utf-8-sig")


def test_several_files_have_their_rejects_in_one_directory(
    zeren: Zeren, database_url: str, mapping: str, tmp_path: Path
) -> None:
    files = [save(tmp_path / name, [GOOD, BAD]) for name in ("a.csv", "b.csv")]
    (tmp_path / "out").mkdir()
    options = ("--rejects", str(tmp_path / "out"))
    done = run("import", mapping, *map(str, files), *options, ZEREN_DATABASE_URL=database_url)
    assert done.exit_code == 1
    assert {path.name for path in (tmp_path / "out").iterdir()} == {"a.csv.rejects.csv", "b.csv.rejects.csv"}


def test_a_dry_run_says_so_and_records_nothing(zeren: Zeren, database_url: str, mapping: str, tmp_path: Path) -> None:
    size = zeren.ledger.size()
    file = save(tmp_path / "a.csv", [GOOD])
    done = run("import", "--dry-run", mapping, str(file), ZEREN_DATABASE_URL=database_url)
    assert done.exit_code == 0
    assert "dry run, nothing was recorded" in done.output
    assert zeren.ledger.size() == size


@pytest.mark.parametrize(("language", "said"), [("en", "There is no file"), ("zh", "不存在")])
def test_what_cannot_be_used_is_said_plainly(
    zeren: Zeren, database_url: str, mapping: str, language: str, said: str
) -> None:
    done = run("import", mapping, "absent.csv", "--language", language, ZEREN_DATABASE_URL=database_url)
    assert done.exit_code == 2
    assert said in done.output


def test_what_was_found_out_of_a_file_is_reported(
    zeren: Zeren, database_url: str, mapping: str, tmp_path: Path
) -> None:
    path = tmp_path / "a.tsv"
    path.write_bytes("account\towner\tsince\n华东电力\t林悦\t2025-03-01 09:00\n".encode("gb18030"))
    done = run("import", mapping, str(path), "--language", "zh", ZEREN_DATABASE_URL=database_url)
    assert done.exit_code == 0, done.output
    assert "制表符" in done.output
    assert "gb18030" in done.output
    book = workbook(tmp_path / "b.xlsx", [texts(1, *HEADER), texts(2, *GOOD)], names=[("[bold]", "visible")])
    done = run("import", mapping, str(book), ZEREN_DATABASE_URL=database_url)
    assert "[bold]" in done.output


@pytest.mark.parametrize("options", [(), ("--dry-run",)])
def test_names_are_no_instructions_to_the_screen(
    zeren: Zeren, database_url: str, mapping: str, tmp_path: Path, options: tuple[str, ...]
) -> None:
    file = save(tmp_path / "[red]a[b].csv", [GOOD, BAD])
    done = run("import", *options, mapping, str(file), "--rejects", str(tmp_path), ZEREN_DATABASE_URL=database_url)
    assert (done.exit_code, done.output.count("[red]a[b].csv") > 1) == (1, True), done.output
    torn = save(tmp_path / "[", [], header=("[/b]", "[/b]")).rename(tmp_path / "[b.csv")
    done = run("import", *options, mapping, str(torn), ZEREN_DATABASE_URL=database_url)
    assert done.exit_code == 2
    assert "“[/b]” more than once" in done.output


def test_rejects_that_cannot_be_written_are_said_plainly(
    zeren: Zeren, database_url: str, mapping: str, tmp_path: Path
) -> None:
    file, size = save(tmp_path / "a.csv", [GOOD, BAD]), zeren.ledger.size()
    nowhere = ("--rejects", str(tmp_path / "none" / "rejects.csv"))
    done = run("import", mapping, str(file), *nowhere, ZEREN_DATABASE_URL=database_url)
    assert (done.exit_code, zeren.ledger.size()) == (2, size)
    assert "cannot be written" in done.output
    several = ("--rejects", str(tmp_path / "none"))
    done = run("import", mapping, str(file), str(file), *several, ZEREN_DATABASE_URL=database_url)
    assert (done.exit_code, zeren.ledger.size()) == (2, size)
    (tmp_path / "a.csv.rejects.csv").mkdir()
    done = run("import", mapping, str(file), "--rejects", str(tmp_path), ZEREN_DATABASE_URL=database_url)
    assert done.exit_code == 2
    assert "cannot be written" in done.output


@pytest.mark.parametrize(
    ("fault", "code", "said"),
    [
        (psycopg.OperationalError("gone"), 2, "same import again"),
        (ClosedError(), 2, "same import again"),
        (RuntimeError("planted"), 3, "planted"),
        (ValueError("planted"), 3, "planted"),
    ],
)
def test_no_fault_is_taken_for_rows_left_out(
    zeren: Zeren,
    database_url: str,
    mapping: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    fault: Exception,
    code: int,
    said: str,
) -> None:
    def broken(*_: object) -> None:
        raise fault

    monkeypatch.setattr(Importer, "run", broken)
    done = run("import", mapping, str(save(tmp_path / "a.csv", [GOOD])), ZEREN_DATABASE_URL=database_url)
    assert (done.exit_code, said in done.output) == (code, True), done.output


def test_a_file_that_can_be_no_file_is_absent(zeren: Zeren, database_url: str, mapping: str, tmp_path: Path) -> None:
    for name in ("x" * 5000 + ".csv", str(tmp_path)):
        assert run("import", mapping, name, ZEREN_DATABASE_URL=database_url).exit_code == 2
