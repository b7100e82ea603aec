"""How each field of an event is shown, read from its type."""

import re
import types
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Annotated, Any, Literal, NewType, Union, get_args, get_origin

from pydantic import AwareDatetime, BaseModel

from events.catalogue import CATALOGUE
from events.vocabulary import values
from events.vocabulary.moves import Moves
from events.vocabulary.values import Scale, Target

Sort = Literal[
    "id",
    "ids",
    "code",
    "vocabulary",
    "instant",
    "texts",
    "flag",
    "bearers",
    "count",
    "scores",
    "scale",
    "target",
    "moves",
    "text",
]

CODES = frozenset({"role", "department", "topic"})
"""Fields that hold a code somebody has a name for."""


@dataclass(frozen=True, slots=True)
class FieldKind:
    """What a field holds."""

    sort: Sort
    of: str = ""
    """The kind of thing an id is of, or the table of labels a word is in."""


def snake(name: str) -> str:
    """`ComplaintChannel` is `complaint_channel`."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).lower()


VOCABULARIES: Mapping[Any, str] = {
    alias: snake(name) for name, alias in vars(values).items() if get_origin(alias) is Literal
}
"""Literal type → the table of its labels."""


@cache
def field_kinds(event_name: str) -> Mapping[str, FieldKind]:
    """Field → what it holds, of one event in the catalogue."""
    return {name: _kind(name, _plain(field.annotation)) for name, field in CATALOGUE[event_name].model_fields.items()}


def _plain(annotation: Any) -> Any:
    if get_origin(annotation) is Annotated:
        return _plain(get_args(annotation)[0])
    if get_origin(annotation) in (Union, types.UnionType):
        return _plain(next(one for one in get_args(annotation) if one is not type(None)))
    return annotation


def _kind(name: str, annotation: Any) -> FieldKind:
    if isinstance(annotation, NewType):
        return FieldKind("id", snake(annotation.__name__.removesuffix("Id")))
    if annotation in VOCABULARIES:
        return FieldKind("vocabulary", VOCABULARIES[annotation])
    if annotation in (datetime, AwareDatetime):
        return FieldKind("instant")
    if get_origin(annotation) is tuple:
        item = _plain(get_args(annotation)[0])
        if isinstance(item, NewType):
            return FieldKind("ids", _kind(name, item).of)
        if not issubclass(item, BaseModel):
            return FieldKind("texts")
        return FieldKind("bearers" if "person" in item.model_fields else "count")
    if get_origin(annotation) is dict:
        return FieldKind("scores")
    if annotation is Scale:
        return FieldKind("scale")
    if annotation is Target:
        return FieldKind("target")
    if annotation is Moves:
        return FieldKind("moves")
    if annotation is bool:
        return FieldKind("flag")
    return FieldKind("code" if name in CODES else "text")
