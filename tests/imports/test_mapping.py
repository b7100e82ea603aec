"""What a mapping may say."""

from pathlib import Path
from typing import Any

import pytest

from services.imports.conditions import Condition
from services.imports.mapping import read_mapping
from services.imports.reasons import UnusableError, reason
from services.imports.templates import render, render_all
from tests.imports.files import ACCOUNTS, accounts

REGISTER = ACCOUNTS["commands"][1]
TRACK = ACCOUNTS["track"][0]
SINCE = ACCOUNTS["instants"]["from_then"]


def test_the_mappings_beside_the_documentation_are_valid(repository_root: Path) -> None:
    found = sorted((repository_root / "examples" / "imports").glob("*.toml"))
    assert [read_mapping(path).name for path in found] == [path.stem for path in found]


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"nme": "x"}, "Extra inputs"),
        ({"name": "Two Words"}, "pattern"),
        ({"commands": [], "track": []}, "does nothing"),
        ({"commands": [{**REGISTER, "command": "register-account"}]}, "no command register-account"),
        ({"commands": [{**REGISTER, "command": "record-commitment-fell-due"}]}, "no command record-commitment"),
        ({"commands": [{**REGISTER, "stream": "account:{customer}"}]}, "a stream is one of"),
        ({"commands": [{**REGISTER, "body": {"title": "x"}}]}, "no field title"),
        ({"commands": [{**REGISTER, "body": {}}]}, "needs name"),
        ({"commands": [{**REGISTER, "when": {}}]}, "without a test"),
        ({"commands": [{**REGISTER, "when": {"value": "owner"}}]}, "what is asked of it"),
        ({"commands": [{**REGISTER, "when": {"present": True}}]}, "what is asked of it"),
        ({"track": [{**TRACK, "stream": "person:{person}"}]}, "customers and projects"),
        ({"track": [{**TRACK, "at": "then"}]}, "no instant then"),
        ({"rows": {"recorded_at": "then"}}, "no instant then"),
        ({"rows": {"key": "{#identity}"}}, "key of rows"),
        ({"rows": {"key": "{account"}}, "brace"),
        ({"ids": {"customer": "{person}", "person": "{customer}"}}, "made from itself"),
        ({"values": {"customer": {"column": "account", "map": {}}}}, "defined twice: customer"),
        ({"instants": {"from_then": {**SINCE, "time_zone": "Asia/Atlantis"}}}, "unknown time zone Asia/Atlantis"),
        ({"instants": {"from_then": {**SINCE, "time_zone": None}}}, "unknown time zone"),
        ({"instants": {"from_then": {**SINCE, "precision": "date"}}}, "time that stands for the day"),
        ({"instants": {"from_then": {**SINCE, "time": "12:00"}}}, "time that stands for the day"),
        (
            {"instants": {"from_then": {**SINCE, "precision": "date", "time": "12:00", "time_column": "x"}}},
            "no column with a time",
        ),
        ({"instants": {"from_then": {**SINCE, "formats": ["%Y-%m-%d %H:%M %Z"]}}}, "would be dropped"),
    ],
)
def test_a_mapping_that_makes_no_sense_is_refused(changes: dict[str, Any], said: str) -> None:
    with pytest.raises(UnusableError) as refused:
        accounts(**changes)
    assert refused.value.code == "mapping.invalid"
    assert said in reason(refused.value, "en")
    assert said in reason(refused.value, "zh")
    assert "accounts.toml" in reason(refused.value, "zh")


def test_a_mapping_in_an_unknown_encoding_is_refused_at_once() -> None:
    with pytest.raises(UnusableError) as refused:
        accounts(source={"encoding": "klingon"})
    assert refused.value.code == "encoding.unknown"


def test_a_mapping_file_that_cannot_be_read_is_refused(tmp_path: Path) -> None:
    (tmp_path / "broken.toml").write_text("name =", encoding="utf-8")
    for name, code in (("broken.toml", "mapping.unreadable"), ("absent.toml", "file.absent")):
        with pytest.raises(UnusableError) as refused:
            read_mapping(tmp_path / name)
        assert refused.value.code == code


def test_texts_are_filled_and_what_has_no_value_is_left_out() -> None:
    row = {"name": "Lin", "town": None}
    assert render("Ms {name}", row.get) == "Ms Lin"
    assert render("{name} of {town}", row.get) is None
    assert render("{name} of {town|nowhere}", row.get) == "Lin of nowhere"
    body = {"a": "{name}", "b": "{town}", "c": ["{town}", "{name}"], "d": {"e": 1}}
    assert render_all(body, row.get) == {"a": "Lin", "c": ["Lin"], "d": {"e": 1}}


@pytest.mark.parametrize(
    ("condition", "now", "before", "holds"),
    [
        ({"value": "state", "equals": "open"}, "open", None, True),
        ({"value": "state", "in": ["new", "open"]}, "done", None, False),
        ({"value": "state", "present": False}, None, None, True),
        ({"value": "state", "changed": True}, "open", {"state": "open"}, False),
        ({"value": "state", "changed": False}, "open", {"state": "open"}, True),
        ({"value": "state", "changed": True}, "open", None, True),
        ({"value": "state", "from": ["done"], "to": ["open"]}, "open", {"state": "done"}, True),
        ({"value": "state", "from": ["", "open"]}, "done", None, True),
        ({"value": "state", "to": ["open"]}, "open", {"state": "open"}, False),
        ({"first": True}, "open", None, True),
        ({"first": False}, "open", {"state": "open"}, True),
        ({"any": [{"first": True}, {"value": "state", "equals": "open"}]}, "open", {"state": "new"}, True),
        ({"all": [{"first": True}, {"value": "state", "equals": "open"}]}, "open", {"state": "new"}, False),
        ({"none": [{"value": "state", "equals": "open"}]}, "open", None, False),
    ],
)
def test_conditions(
    condition: dict[str, Any], now: str | None, before: dict[str, str | None] | None, *, holds: bool
) -> None:
    row = {"state": now}
    assert Condition.model_validate(condition).holds(row.get, before) is holds
