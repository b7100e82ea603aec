"""Ids that a mapping makes, or fails to make."""

from pathlib import Path
from typing import Any

import pytest

from services.application import Zeren
from tests.imports.files import ACCOUNTS, accounts, log, run, save

ROWS = [("East Power", "Lin", "2025-03-01 09:00")]
TRACK = ACCOUNTS["track"][0]
REGISTER = ACCOUNTS["commands"][1]


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"track": [{**TRACK, "person": "{owner}"}]}, "row.no-id"),
        ({"track": [{**TRACK, "stream": "customer:{owner}"}]}, "row.no-id"),
        ({"track": [{**TRACK, "subject": "complaint:{owner}"}]}, "row.field-invalid"),
        ({"track": [], "commands": [{**REGISTER, "stream": "customer:{account}"}]}, "row.no-id"),
        ({"track": [], "commands": [{**REGISTER, "stream": "customer:{account}", "creates": False}]}, "row.no-id"),
    ],
)
def test_a_row_from_which_a_mapping_makes_no_id_is_left_out(
    zeren: Zeren, tmp_path: Path, changes: dict[str, Any], code: str
) -> None:
    _, left_out = run(zeren, accounts(**changes), save(tmp_path / "a.csv", ROWS))
    assert (left_out, log(zeren)) == ({1: code}, [])
