"""Field errors are explained in both languages and never repeat what was submitted."""

import ast
from pathlib import Path
from typing import Any, get_args

import pytest
from pydantic import ValidationError
from pydantic_core import core_schema

import commands
import events
from commands.catalogue import CATALOGUE
from services.language import LANGUAGES, Language, field_message
from services.language.texts import slots_of, text, texts

NEVER_FROM_JSON = {
    "callable_type",
    "counter_type",
    "dataclass_exact_type",
    "default_factory_not_called",
    "deque_type",
    "ellipsis_error",
    "frozen_dict_type",
    "frozen_field",
    "frozen_instance",
    "get_attribute_error",
    "is_instance_of",
    "is_subclass_of",
    "missing_sentinel_error",
    "needs_python_object",
    "no_such_attribute",
    "ordered_dict_type",
}
"""Errors about Python objects."""

COMMANDS = {command.path(): command for commands_of in CATALOGUE.values() for command in commands_of.values()}

NOT_ABOUT_A_FIELD = {"no working time left within ten years", "written in a shape of a newer release"}

MARK = "zx7q-secret"


def _our_value_errors() -> set[str]:
    sources = [path for package in (commands, events) for root in package.__path__ for path in Path(root).rglob("*.py")]
    return {
        node.args[0].value
        for source in sources
        for node in ast.walk(ast.parse(source.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id == "ValueError"
        and isinstance(node.args[0], ast.Constant)
        and isinstance(node.args[0].value, str)
    }


def test_every_error_type_of_pydantic_has_a_message() -> None:
    written = {key for key in texts("fields") if ":" not in key} - {"other"}
    assert written == set(get_args(core_schema.ErrorType)) - NEVER_FROM_JSON


def test_every_check_of_ours_has_a_message() -> None:
    written = {key.removeprefix("value_error: ") for key in texts("fields") if ":" in key}
    assert written == _our_value_errors() - NOT_ABOUT_A_FIELD


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("error_type", [key for key in texts("fields") if ":" not in key])
def test_a_message_stands_without_context(error_type: str, language: Language) -> None:
    said = field_message(error_type, language)
    assert "{" not in said
    assert said.endswith("." if language == "en" else "。")


@pytest.mark.parametrize("language", LANGUAGES)
def test_context_from_our_models_is_told(language: Language) -> None:
    assert "200" in field_message("string_too_long", language, {"max_length": 200})
    assert field_message("value_error", language, {"error": ValueError("blank text is refused")}) == text(
        "fields", "value_error: blank text is refused", language
    )


def test_what_is_allowed_is_listed_as_the_language_lists() -> None:
    context = {"expected": "'low', 'medium' or 'high'"}
    assert "'low', 'medium' or 'high'" in field_message("literal_error", "en", context)
    assert "'low'、'medium'、'high'" in field_message("literal_error", "zh", context)


def test_an_unknown_type_has_a_general_message() -> None:
    assert field_message("of_tomorrow", "en") == "This value is not valid here."
    assert field_message("value_error", "zh", {"error": ValueError("of somebody else")}) == "此处的值无效。"


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("error_type", list(texts("fields")))
def test_context_from_outside_is_never_told(error_type: str, language: Language) -> None:
    outside = dict.fromkeys(("error", "tag", "input_type", "actual_length", "wrong_value", "class_name"), MARK)
    assert MARK not in field_message(error_type, language, outside)


def test_no_message_reads_other_context() -> None:
    read = {slot for entry in texts("fields").values() for template in entry.values() for slot in slots_of(template)}
    assert not read & {"error", "tag", "input_type", "actual_length", "discriminator", "digits"}


@pytest.mark.parametrize("path", sorted(COMMANDS))
@pytest.mark.parametrize("value", [MARK, {MARK: MARK}, [MARK], None, -1, 1e300, True, "x" * 30_000, "\x00", " "])
def test_no_command_repeats_what_was_submitted(path: str, value: Any) -> None:
    command = COMMANDS[path]
    with pytest.raises(ValidationError) as refused:
        command.model_validate({**dict.fromkeys(command.model_fields, value), MARK: value})
    for error in refused.value.errors():
        for language in LANGUAGES:
            said = field_message(error["type"], language, error.get("ctx"))
            assert MARK not in said
            assert said not in (error["type"], text("fields", "other", language))
