"""Every list in a command has a limit that its document names; what was recorded before stays readable."""

import json
from typing import Any
from uuid import UUID

import pytest
from pydantic import TypeAdapter, ValidationError

from commands.base import LONGEST, Command
from commands.catalogue import CATALOGUE
from commands.customer.interactions import LogInteraction
from commands.facts import CorrectFact
from commands.person.directory import RegisterPerson
from commands.policy.rules import PublishWorkingCalendar
from events.customer.interactions import InteractionLogged
from events.vocabulary.working_calendar import WorkingCalendar
from tests.domain.company import CALENDAR
from tests.domain.people import LIN, on

COMMANDS = sorted(
    {command for by_path in CATALOGUE.values() for command in by_path.values()}, key=lambda one: one.path()
)


def unlimited(part: Any, where: str = "") -> list[str]:
    """The places in a schema at which a list, or an object with any names, may be as long as anybody likes."""
    if isinstance(part, list):
        return [one for value in part for one in unlimited(value, where)]
    if not isinstance(part, dict):
        return []
    found = [where] if part.get("type") == "array" and "maxItems" not in part else []
    if part.get("type") == "object" and "properties" not in part and "maxProperties" not in part:
        found.append(where)
    return found + [one for name, value in part.items() for one in unlimited(value, f"{where}.{name}")]


@pytest.mark.parametrize("command", COMMANDS)
def test_a_document_names_the_limit_of_every_list(command: type[Command]) -> None:
    assert unlimited(command.model_json_schema()) == []


def test_a_list_without_a_limit_is_found() -> None:
    assert unlimited(TypeAdapter(dict[str, tuple[int, ...]]).json_schema()) == ["", ".additionalProperties"]


def found_too_long(command: type[Command], said: dict[str, Any]) -> tuple[list[tuple[int | str, ...]], int]:
    """Where a command is refused for its length, and what the limit is."""
    with pytest.raises(ValidationError) as wrong:
        command.model_validate_json(json.dumps(said), strict=True)
    assert {one["type"] for one in wrong.value.errors()} == {"too_long"}
    return [one["loc"] for one in wrong.value.errors()], wrong.value.errors()[0]["ctx"]["max_length"]


def test_skills_have_a_limit() -> None:
    skills = [f"PLC {number}" for number in range(LONGEST + 1)]
    assert RegisterPerson.model_validate_json(json.dumps({"name": "林静", "skills": skills[:-1]}), strict=True)
    assert found_too_long(RegisterPerson, {"name": "林静", "skills": skills}) == ([("skills",)], LONGEST)


@pytest.mark.parametrize(
    ("field", "values", "limit"),
    [
        ("known_years", range(1900, 2101), 200),
        (
            "shifts",
            [{"start": f"{n // 60:02}:{n % 60:02}", "end": f"{n // 60:02}:{n % 60:02}:30"} for n in range(25)],
            24,
        ),
        ("holidays", [f"2{n:03}-01-{day:02}" for n in range(100) for day in range(1, 29)], 2_500),
        ("working_weekends", [f"2{n:03}-01-{day:02}" for n in range(40) for day in range(1, 29)], 1_000),
    ],
)
def test_a_calendar_has_limits(field: str, values: Any, limit: int) -> None:
    calendar = CALENDAR.model_dump(mode="json")
    longest = {"calendar": {**calendar, field: list(values)[:limit]}}
    assert PublishWorkingCalendar.model_validate_json(json.dumps(longest), strict=True)
    too_long = {**calendar, field: list(values)}
    assert found_too_long(PublishWorkingCalendar, {"calendar": too_long}) == ([("calendar",)], limit)
    assert WorkingCalendar.model_validate_json(json.dumps(too_long)), "an earlier release recorded such"


@pytest.mark.parametrize(
    "values",
    [
        {"our_attendees": [str(LIN)] * (LONGEST + 1)},
        {"scores": {f"a{number}": 1 for number in range(LONGEST + 1)}},
        {"a": [{"b": [1] * (LONGEST + 1)}]},
        {f"a{number}": 1 for number in range(LONGEST + 1)},
    ],
    ids=["list", "object", "deep within", "fields"],
)
def test_a_correction_says_no_longer_lists_than_commands(values: dict[str, Any]) -> None:
    said = {"event": str(UUID(int=1)), "reason": "记错了", "values": values}
    assert found_too_long(CorrectFact, said) == ([("values",)], LONGEST)
    assert CorrectFact.model_validate_json(json.dumps({**said, "values": {"a": [1, {"b": [2]}]}}), strict=True)


def test_what_was_recorded_before_there_were_limits_can_be_read() -> None:
    many = (LIN,) * (2 * LONGEST)
    said = {
        "interaction_id": UUID(int=1),
        "at": on("2025-03-01"),
        "channel": "call",
        "direction": "outbound",
        "content": "例行电话",
        "result": "已确认",
    }
    logged = InteractionLogged(**said, our_attendees=many)
    assert InteractionLogged.model_validate_json(logged.model_dump_json()) == logged
    with pytest.raises(ValidationError):
        LogInteraction(**said, our_attendees=many)
