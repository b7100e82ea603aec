"""Why something was refused, in the reader's language."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from services.language.labels import known_label
from services.language.negotiation import Language
from services.language.texts import fill, text, texts

_FROM_OUR_MODELS = (
    "decimal_places",
    "expected",
    "expected_tags",
    "ge",
    "gt",
    "le",
    "lt",
    "max_digits",
    "max_length",
    "min_length",
    "multiple_of",
    "pattern",
    "whole_digits",
)
"""The parts of pydantic's context that come from our models; all others may hold what the client sent."""


_LONGEST = 80


def shown(name: str) -> str:
    """A name that somebody else chose, as much of it as is said again."""
    return name[:_LONGEST]


@dataclass(frozen=True, slots=True)
class Message:
    """A problem as a person reads it."""

    title: str
    """Some words, the same for every problem of the code."""
    detail: str
    """What is wrong and what to do."""


def problem(code: str, language: Language, details: Mapping[str, str]) -> Message:
    """The message of a refusal or HTTP problem; the code itself where the code is unknown.

    `details` fill the message. A detail that is a code with a label (`stage`: `stage.requested`) is shown as its label.
    """
    slots = {name: known_label(f"{name}.{value}", language) or value for name, value in details.items()}
    for table in ("refusal", "service"):
        title = text("problems", f"{table}.{code}.title", language)
        detail = text("problems", f"{table}.{code}.detail", language)
        if title is not None and detail is not None:
            return Message(title, fill(detail, slots))
    return Message(code, code)


def problem_codes() -> list[str]:
    """Every code of a problem, in order."""
    return sorted({key.partition(".")[2].rpartition(".")[0] for key in texts("problems") if key.endswith(".title")})


def field_codes() -> list[str]:
    """Every code of a field that is wrong, in order: these are documented, and there is none beside them."""
    return sorted(key for key in texts("fields") if ":" not in key and key != "other")


def field_code(error_type: str) -> str:
    """The code for a pydantic error type: one of ours, whatever later releases of the library make up."""
    return error_type if error_type in texts("fields") and error_type != "other" else "value_error"


def field_message(error_type: str, language: Language, ctx: Mapping[str, object] | None = None) -> str:
    """What is wrong with a field, for a pydantic error type and its context; never the value that was submitted."""
    context = ctx or {}
    slots = {name: _listed(str(context[name]), language) for name in _FROM_OUR_MODELS if name in context}
    keys = (f"{error_type}: {context.get('error')}", error_type, "other")
    written = (text("fields", key, language) for key in keys)
    return fill(next(filter(None, written), error_type), slots)


def _listed(allowed: str, language: Language) -> str:
    """Pydantic joins what is allowed in English: `'a', 'b' or 'c'`."""
    return re.sub(r"(?<=') or (?=')|(?<='), (?=')", "、", allowed) if language == "zh" else allowed
