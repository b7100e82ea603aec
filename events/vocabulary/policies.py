"""The parts that the company's rules are made of."""

from typing import Annotated

from pydantic import Field

from events.vocabulary.values import Code, Minutes, PlainLabel, Severity, Tier, Value

Times = Annotated[int, Field(ge=0, le=100)]


class Role(Value):
    """A role that responsibilities are assigned in."""

    code: Code
    name_en: PlainLabel
    name_zh: PlainLabel
    exclusive: bool
    """Whether it takes one holder at a time."""


class Level(Value):
    """The working minutes allowed for one tier (none: any other) and severity."""

    tier: Tier | None
    severity: Severity
    first_response_minutes: Minutes
    resolution_minutes: Minutes


class CadenceRule(Value):
    """The least number of contacts for one tier (none: any other)."""

    tier: Tier | None
    calls_per_week: Times
    visits_per_month: Times
