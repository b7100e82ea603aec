"""`zeren import` as it is typed."""

from pathlib import Path

import pytest

from services.application import Zeren
from tests.cli.running import run
from tests.imports.files import intervals, save

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
