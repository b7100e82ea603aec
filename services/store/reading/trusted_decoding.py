"""Decodes the data of an event without the rules that were checked when it was written."""

from collections.abc import Callable
from datetime import datetime
from functools import cache
from typing import Any

from pydantic_core import SchemaValidator

from events.base import Event

_set = object.__setattr__


@cache
def trusted_decoder(kind: type[Event]) -> Callable[[bytes], Event]:
    """What makes an event of a class from its data as JSON.

    Fields have to be there and of their types, and no others; an instant has to be in UTC, as we write it. How long a
    text may be, or which characters it may have, was asked before it was recorded: to ask again takes half of the time.

    Raises:
        ValueError: by what is returned, where the data do not fit.
    """
    schema: Any = kind.__pydantic_core_schema__
    if schema["type"] != "model" or schema["schema"]["type"] != "model-fields":
        return kind.model_validate_json
    fields = {name: _trusting(field) for name, field in schema["schema"]["fields"].items()}
    instants = [name for name, field in fields.items() if _is_instant(field)]
    texts = {name: {**field, "schema": _as_text(field["schema"])} for name, field in fields.items() if name in instants}
    validate = SchemaValidator(
        {**schema["schema"], "fields": {**fields, **texts}, "extra_behavior": "forbid"}
    ).validate_json

    def read(written: bytes) -> Event:
        values, _, given = validate(written)
        for name in instants:
            if values[name] is not None:
                values[name] = _instant(values[name])
        event = kind.__new__(kind)
        # As pydantic itself makes a model of what it has validated.
        _set(event, "__dict__", values)
        _set(event, "__pydantic_fields_set__", given)
        _set(event, "__pydantic_extra__", None)
        _set(event, "__pydantic_private__", None)
        return event

    return read


def _instant(text: str) -> datetime:
    if not text.endswith("Z"):
        # The whole way brings it to UTC, or says what is wrong.
        raise ValueError("not in UTC")
    return datetime.fromisoformat(text)


def _trusting(schema: Any) -> Any:
    """The schema without functions of our own that look at a value once more, and without limits of texts."""
    if isinstance(schema, list):
        return [_trusting(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    match schema.get("type"):
        case "function-after":
            return _trusting(schema["schema"])
        case "json-or-python":
            return _trusting(schema["python_schema"])
        case "str":
            return {"type": "str"}
        case "datetime":
            return {**schema, "tz_constraint": 0}
        case "model":
            return schema
        case _:
            return {name: _trusting(one) for name, one in schema.items()}


def _is_instant(schema: Any) -> bool:
    return schema["type"] == "datetime" or (
        schema["type"] in {"model-field", "nullable", "default"} and _is_instant(schema["schema"])
    )


def _as_text(schema: Any) -> Any:
    """An instant, or maybe one, as text: the standard library makes it faster, and with the UTC that it knows best."""
    return {"type": "str"} if schema["type"] == "datetime" else {**schema, "schema": _as_text(schema["schema"])}
