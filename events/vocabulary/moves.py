"""Which figures a change of the past moves."""

from typing import Annotated

from pydantic import Field, StringConstraints

from events.vocabulary.values import Code, Value

Month = Annotated[str, StringConstraints(pattern=r"^\d{4}-\d{2}$"), Field(examples=["2025-03"])]
"""A month of the calendar."""


class MovedFigure(Value):
    """The figure of a KPI for a month in which cases are charged to somebody else."""

    kpi: Code
    definition_version: int
    """The version of the KPI's definition that they are cases of."""
    period: Month
    cases: int
    """How many cases are charged to somebody else, in whole or in part."""


class Moves(Value):
    """What was known to be moved at a position of the log; every other figure stays."""

    position: int
    figures: tuple[MovedFigure, ...]
    """By KPI and month."""
