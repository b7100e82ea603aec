"""Schemas of commands: null is offered only where it clears, and is never a default.

A client made from the document sends what it says: a default of null would open the end of an assignment unasked.
"""

from typing import Any

from commands.catalogue import CATALOGUE

COMMANDS = [command for by_path in CATALOGUE.values() for command in by_path.values()]


def _models(schema: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {schema["title"]: schema, **schema.get("$defs", {})}


def test_no_field_has_a_default_of_null() -> None:
    assert [
        (model, field)
        for command in COMMANDS
        for model, schema in _models(command.model_json_schema()).items()
        for field, part in schema.get("properties", {}).items()
        if part.get("default", ...) is None
    ] == []


def test_null_is_offered_only_where_it_clears() -> None:
    assert {
        (model, field)
        for command in COMMANDS
        for model, schema in _models(command.model_json_schema()).items()
        for field, part in schema.get("properties", {}).items()
        if {"type": "null"} in part.get("anyOf", [])
    } == {(command.__name__, field) for command in COMMANDS for field in command.clears}


def test_a_field_of_several_kinds_keeps_them_without_null() -> None:
    kinds = [
        part["anyOf"]
        for command in COMMANDS
        for schema in _models(command.model_json_schema()).values()
        for field, part in schema.get("properties", {}).items()
        if "anyOf" in part and field not in command.clears
    ]
    assert all(len(several) > 1 for several in kinds)
