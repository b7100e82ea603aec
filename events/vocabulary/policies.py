"""The parts that the company's rules are made of."""

from typing import Annotated

from pydantic import Field

from events.vocabulary.values import Code, Minutes, PlainLabel, Severity, Tier, Value

Times = Annotated[int, Field(ge=0, le=100, examples=[1])]


class Role(Value):
    """A role that responsibilities are assigned in."""

    code: Code
    """Lower-case code that other messages name the role by."""
    name_en: PlainLabel = Field(examples=["Account manager"])
    """English name."""
    name_zh: PlainLabel = Field(examples=["客户经理"])
    """Chinese name."""
    exclusive: bool
    """Whether the role takes one holder at a time."""


class Level(Value):
    """The working minutes allowed for one tier (none: any other) and severity."""

    tier: Tier | None
    """The customer's tier; null for any other."""
    severity: Severity
    """How bad it is."""
    first_response_minutes: Minutes
    """Working minutes until the first response."""
    resolution_minutes: Minutes = Field(examples=[960])
    """Working minutes until the resolution."""


class CadenceRule(Value):
    """The least number of contacts for one tier (none: any other)."""

    tier: Tier | None
    """The customer's tier; null for any other."""
    calls_per_week: Times
    """Least number of calls in a calendar week."""
    visits_per_month: Times
    """Least number of face-to-face visits in a calendar month."""
