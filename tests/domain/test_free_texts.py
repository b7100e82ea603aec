"""Every free text says whether it may speak of a person: what can name somebody can be found, and taken out one day."""

from collections.abc import Iterator
from typing import Annotated, Any, get_args, get_type_hints

import pytest
from pydantic import BaseModel, JsonValue, StringConstraints

from commands.catalogue import CATALOGUE as COMMANDS
from events.base import Event
from events.catalogue import CATALOGUE as EVENTS
from events.recorded import Context
from events.vocabulary.values import (
    Code,
    Impersonal,
    Label,
    OwnLabel,
    Personal,
    PersonalLabel,
    PersonalProse,
    PlainLabel,
    Prose,
    Value,
)

MESSAGES: set[type[BaseModel]] = {
    *EVENTS.values(),
    *(command for by_path in COMMANDS.values() for command in by_path.values()),
    Context,
}


def unmarked(model: type[BaseModel]) -> list[str]:
    """The fields with a free text that says neither, through all value objects."""
    hints = get_type_hints(model, include_extras=True)
    return [name for name in model.model_fields if any(_unmarked(hints[name]))]


def _unmarked(annotation: Any, *said: Any) -> Iterator[Any]:
    said += getattr(annotation, "__metadata__", ())
    if any(isinstance(one, Personal | Impersonal) for one in said):
        return
    if annotation is JsonValue or (annotation is str and not any(_is_pattern(one) for one in said)):
        yield annotation
    elif isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield from unmarked(annotation)
    else:
        # Marks are said of the text itself or of all that holds it; a pattern only of the text.
        for one in (annotation.__origin__,) if hasattr(annotation, "__metadata__") else get_args(annotation):
            yield from _unmarked(one, *said)


def _is_pattern(said: Any) -> bool:
    """Whether it makes a code or a name of a text."""
    return isinstance(said, StringConstraints) and said.pattern is not None


@pytest.mark.parametrize("message", sorted(MESSAGES, key=repr))
def test_every_free_text_is_personal_or_plain(message: type[BaseModel]) -> None:
    assert unmarked(message) == SAID_BY_OTHERS.get(message, [])


SAID_BY_OTHERS: dict[type[BaseModel], list[str]] = {COMMANDS["customer"]["correct-fact"]: ["values"]}
"""What is said in place of the values of some event has the marks of that event's fields."""


class Note(Value):
    title: PlainLabel
    text: Prose


class Planted(Event, name="test.planted", occurs=None):
    code: Code
    name: OwnLabel
    place: PlainLabel
    said: PersonalProse | None
    by: tuple[PersonalLabel, ...]
    label: Label
    prose: Prose | None
    raw: str
    several: tuple[Label, ...]
    scores: dict[Code, Label]
    keyed: dict[str, int]
    notes: tuple[Note, ...]
    truth: Annotated[dict[str, JsonValue], Personal("customer")]
    rest: dict[Code, JsonValue]


def test_a_text_without_a_mark_is_found_wherever_it_stands() -> None:
    assert unmarked(Planted) == ["label", "prose", "raw", "several", "scores", "keyed", "notes", "rest"]
