"""No text that we write acts as a formula in a spreadsheet."""

import csv
import io
from pathlib import Path

import pytest

from services.formulas import guarded
from services.imports.reasons import RowRejectedError
from services.imports.rejects import Rejects
from services.imports.source import Source
from services.imports.tables import Row, look_over
from tests.http.client import Api
from tests.http.test_audit import corrected

ACTING = [
    '=HYPERLINK("http://example.com")',
    "+86 138",
    "-2+3",
    "@SUM(1)",
    "\t=1",
    "\r=1",
    "\ttext",
    "＝1+1",
    "＋1",
    "－1",
    "＠A1",
    "﹦1",
    "\ufeff=1",
    "\u200b=1",
    "\u2060＝1",
    "  =1",
    "\u3000=1",
    "\xa0\u200d@A1",
    "\n=1",
    "\u202a=1",
]
HARMLESS = ["", "East", "1-2", "华东=电力", "'=1", "#N/A", " a=b", "1,5", "（-）"]


@pytest.mark.parametrize("text", ACTING)
def test_a_text_that_a_spreadsheet_would_run_is_guarded(text: str) -> None:
    assert guarded(text) == f"'{text}"


@pytest.mark.parametrize("text", HARMLESS)
def test_every_other_text_stands_as_it_is(text: str) -> None:
    assert guarded(text) == text


def test_the_audit_trail_as_csv_is_guarded(api: Api) -> None:
    corrected(api, "\u200b＝1+1")
    headers = {**api.headers, "Accept": "text/csv"}
    answer = api.client.get("/v1/audit", params={"at_least": api.position}, headers=headers)
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert rows[-1]["reason"] == "'\u200b＝1+1"


def test_rows_that_were_left_out_are_guarded(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("=cmd|' /C calc'!A0,owner\n", encoding="utf-8")
    file = look_over(tmp_path / "a.csv", Source())
    with Rejects(tmp_path / "rejects.csv", file, "en") as rejects:
        rejects.add(Row(1, ("＝1", "\u200b@x")), RowRejectedError("row.absent", name="owner"))
        rejects.add(Row(2, ('=1,"Lin',), damaged="3"), RowRejectedError("row.damaged", line="3"))
    with (tmp_path / "rejects.csv").open(encoding="utf-8-sig", newline="") as stream:
        header, first, second = csv.reader(stream)
    assert header == ["row", "reason", "'=cmd|' /C calc'!A0", "owner"]
    assert (first[2:], second[2:]) == (["'＝1", "'\u200b@x"], ["'=1,\"Lin"])
