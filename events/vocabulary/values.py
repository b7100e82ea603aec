"""Value objects that messages are made of: instants, texts, codes.

A type has one example, which documents and tests show; a field has its own where that of its type would say nothing.
"""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints

EARLIEST = datetime(1900, 1, 1, tzinfo=UTC)
LATEST = datetime(2200, 1, 1, tzinfo=UTC)
_FIRST_YEAR, _LAST_YEAR = EARLIEST.year, LATEST.year - 1
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]")
"""The categories Cc and Cs of Unicode, which never change."""


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


Instant = Annotated[AwareDatetime, AfterValidator(_bounded_utc), Field(examples=["2025-03-01T09:00:00+08:00"])]
"""A moment with its offset, kept in UTC; naive timestamps are refused."""

Later = Annotated[Instant, Field(examples=["2025-06-01T09:00:00+08:00"])]
"""The moment of an end or of a due time."""

Day = Annotated[date, Field(examples=["2025-03-01"])]
"""A day of the calendar."""

Label = Annotated[str, StringConstraints(min_length=1, max_length=200), AfterValidator(_clean_line)]
"""A short name on one line."""

Prose = Annotated[str, StringConstraints(min_length=1, max_length=20_000), AfterValidator(_clean)]
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


class Value(BaseModel):
    """A frozen part of an event or command."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)


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
