"""Value objects that messages are made of: instants, texts, codes.

A type has one example, which documents and tests show; a field has its own where that of its type would say nothing.
"""

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    ConfigDict,
    Field,
    GetCoreSchemaHandler,
    GetJsonSchemaHandler,
    StringConstraints,
    ValidationError,
)
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, PydanticKnownError, SchemaValidator, core_schema

EARLIEST = datetime(1900, 1, 1, tzinfo=UTC)
LATEST = datetime(2200, 1, 1, tzinfo=UTC)
_FIRST_YEAR, _LAST_YEAR = EARLIEST.year, LATEST.year - 1
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]")
"""The categories Cc and Cs of Unicode, which never change."""
_DISGUISE = re.compile("[\u202a-\u202e\u2066-\u2069\ue000-\uf8ff\U000e0000-\U000e007f\U000f0000-\U0010ffff]")
"""What makes a text look like another one: changes of direction, and characters that show nothing or anything.

These are the embeddings, overrides and isolates of bidirectional text, tags, and characters for private use.
"""
_UNSEEN = re.compile(
    r"[\s\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2028\u2029\u2060-\u206f\u2800\u3164"
    r"\ufe00-\ufe0f\ufeff\uffa0\ufff9-\ufffb]*"
)
"""Blanks, and characters that have no width or show nothing."""


def _bounded_utc(value: datetime) -> datetime:
    # Comparing instants takes longer than all the rest: only where the year leaves a doubt.
    if not _FIRST_YEAR < value.year < _LAST_YEAR and not EARLIEST <= value < LATEST:
        raise ValueError("instant outside 1900 to 2199")
    return value.astimezone(UTC)


def _clean(value: str, layout: str = "\n\t") -> str:
    found = _CONTROL.findall(value)
    if found and any(character not in layout for character in found):
        raise ValueError("control characters and lone surrogates are refused")
    if not value.strip():
        raise ValueError("blank text is refused")
    return value


def _clean_line(value: str) -> str:
    return _clean(value, layout="\t")


def _legible(value: str) -> str:
    if value.isascii():
        return value
    if _DISGUISE.search(value):
        raise ValueError("changes of direction, tags and private-use characters are refused")
    if _UNSEEN.fullmatch(value):
        raise ValueError("blank text is refused")
    return value


INSTANT_WRITTEN = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt ][0-9]{2}:[0-9]{2}(:[0-9]{2}([.,][0-9]{1,9})?)?([Zz]|[+-][0-9]{2}(:?[0-9]{2})?)"
)
"""How an instant is written, RFC 3339 with a few tolerances; of a mere number nobody can tell what it counts."""
_DAY_WRITTEN = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


@dataclass(frozen=True, slots=True)
class Written:
    """How an instant or a day has to be written in JSON."""

    form: re.Pattern[str]
    format: Literal["date-time", "date"]
    fault: Literal["datetime_parsing", "date_parsing"]

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        """Text of the form in JSON, a value of the type in Python."""
        value = handler(source)
        read = SchemaValidator(value).validate_python

        def written(text: Any) -> Any:
            if isinstance(text, str) and self.form.fullmatch(text):
                try:
                    return read(text)
                except ValidationError:
                    pass
            raise PydanticKnownError(self.fault, {"error": "not written as in RFC 3339"})

        said = core_schema.chain_schema([core_schema.no_info_plain_validator_function(written), value])
        # What clients say is read strictly. What the log holds was written by us, and is read all the time.
        return core_schema.json_or_python_schema(core_schema.lax_or_strict_schema(value, said), value)

    def __get_pydantic_json_schema__(self, _schema: CoreSchema, _handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        """What documents say of the value."""
        return {"type": "string", "format": self.format}


@dataclass(frozen=True, slots=True)
class Legible:
    """What people can read of a text is what it says."""

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        """The text, in JSON without what disguises it."""
        value = handler(source)
        said = core_schema.no_info_after_validator_function(_legible, value)
        # As with instants: the log holds what earlier releases took, and that is read as it stands.
        return core_schema.json_or_python_schema(core_schema.lax_or_strict_schema(value, said), value)


def bounded(day: date) -> date:
    """The day, or the nearest of 1900 to 2199: an earlier release took any."""
    return day if is_bounded(day) else min(max(day, date(_FIRST_YEAR, 1, 2)), date(_LAST_YEAR, 12, 30))


def is_bounded(day: date) -> bool:
    """Whether a day is one that may be said: of 1900 to 2199."""
    return _FIRST_YEAR <= day.year <= _LAST_YEAR


def _bounded_day(value: date) -> date:
    if not is_bounded(value):
        raise ValueError("day outside 1900 to 2199")
    return value


Instant = Annotated[
    AwareDatetime,
    Written(INSTANT_WRITTEN, "date-time", "datetime_parsing"),
    AfterValidator(_bounded_utc),
    Field(examples=["2025-03-01T09:00:00+08:00"]),
]
"""A moment with its offset, kept in UTC; naive timestamps are refused."""

Later = Annotated[Instant, Field(examples=["2025-06-01T09:00:00+08:00"])]
"""The moment of an end or of a due time."""

Day = Annotated[
    date, Written(_DAY_WRITTEN, "date", "date_parsing"), AfterValidator(_bounded_day), Field(examples=["2025-03-01"])
]
"""A day of the calendar from 1900 to 2199. Events say a `date`: what an earlier release recorded can always be read."""

Label = Annotated[str, StringConstraints(min_length=1, max_length=200), AfterValidator(_clean_line), Legible()]
"""A short name on one line."""

Prose = Annotated[str, StringConstraints(min_length=1, max_length=20_000), AfterValidator(_clean), Legible()]
"""A longer text."""


@dataclass(frozen=True, slots=True)
class Personal:
    """The mark of a text that may say something about a person."""

    of: Literal["person", "customer"]
    """Whom: the person whose stream it is, or somebody at the customer or among those who serve it."""


PersonalLabel = Annotated[Label, Personal("customer"), Field(examples=["陈主任"])]
"""A short text that names somebody at the customer."""

PersonalProse = Annotated[Prose, Personal("customer"), Field(examples=["控制柜频繁报警"])]
"""A longer text in which somebody may be named."""

OwnLabel = Annotated[Label, Personal("person"), Field(examples=["林静"])]
"""A short text about the person whose stream it is."""

Reason = Annotated[PersonalProse, Field(examples=["岗位调整"])]
"""Why somebody did something, in their own words."""


@dataclass(frozen=True, slots=True)
class Impersonal:
    """The mark of a text that speaks of companies and things, never of a person."""


PlainLabel = Annotated[Label, Impersonal(), Field(examples=["华东电力集团"])]
"""A short text about a company or a thing."""

PlainProse = Annotated[Prose, Impersonal()]
"""A longer text about companies and things."""

Code = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,62}$"), Field(examples=["account_manager"])]
"""A lower-case code of a role, department, reason or dimension."""

Involvement = Literal["responsible", "accountable", "consulted", "informed"]
Tier = Literal["vip", "first", "second"]
Channel = Literal["call", "face_to_face", "video", "mail", "message", "event"]
ComplaintChannel = Literal["phone", "mail", "online", "visit", "suggestion_box"]
Direction = Literal["inbound", "outbound"]
Severity = Literal["low", "medium", "high", "critical"]
Side = Literal["us", "customer"]
ClockName = Literal["first_response", "resolution"]
Trust = Literal["verified", "unverified", "sample"]
"""How far a fact may be relied on: entered by its actor, imported unproven, or made up for a demonstration."""
Outcome = Literal["accepted", "rejected"]

Minutes = Annotated[int, Field(ge=1, le=600_000, examples=[60])]
"""Working minutes."""

Score = Annotated[Decimal, Field(ge=-1000, le=1000, max_digits=8, decimal_places=3, examples=[5])]
Measure = Annotated[Decimal, Field(ge=-(10**12), le=10**12, max_digits=16, decimal_places=3, examples=["99.5"])]
"""What was measured, or is aimed at, in a unit that is said beside it."""

Money = Annotated[Decimal, Field(ge=0, max_digits=18, decimal_places=2, examples=["1200000.00"])]


def say_what_null_means(schema: JsonSchemaValue, clears: Collection[str] = ()) -> JsonSchemaValue:
    """Let a document offer null only for the fields that it clears: elsewhere it says no more than absence.

    A default of null would make generated clients send it wherever nobody said anything.
    """
    for name, field in schema.get("properties", {}).items():
        if field.get("default", ...) is None:
            del field["default"]
        if name not in clears and "anyOf" in field:
            kinds = [kind for kind in field["anyOf"] if kind != {"type": "null"}]
            del field["anyOf"]
            field.update({**kinds[0], **field} if len(kinds) == 1 else {"anyOf": kinds})
    return schema


class Value(BaseModel):
    """A frozen part of an event or command."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        """What documents say of it."""
        return say_what_null_means(handler.resolve_ref_schema(handler(schema)))


class Scale(Value):
    """The lowest and highest possible score."""

    min: Score = Field(examples=[1])
    """Lowest possible score."""
    max: Score
    """Highest possible score."""


class Target(Value):
    """What the KPI of a clause asks for."""

    measure: Measure
    """The value that is aimed at."""
    unit: PlainLabel = Field(examples=["%"])
    """In which unit."""
