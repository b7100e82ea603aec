"""What a mapping says of the file itself: how it is written, and how its times are."""

from datetime import time
from typing import Annotated, Literal, Self
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from services.imports.encodings import AUTO

LocalTime = time
Name = Annotated[str, StringConstraints(min_length=1, max_length=200)]

_UTC = frozenset({"UTC", "Etc/UTC", "GMT", "Etc/GMT"})


class Part(BaseModel):
    """A table of a mapping; unknown keys are errors."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Column(Part):
    """A column that is named by its place."""

    ordinal: int = Field(ge=1)
    header: str
    """What the header says there."""


class Source(Part):
    """How the file is written."""

    encoding: str = AUTO
    delimiter: str | None = Field(default=None, min_length=1, max_length=1)
    """None: found out."""
    sheet: str | None = None
    """The sheet of an XLSX file; none for the first that is visible."""
    header: int = Field(default=1, ge=1)
    """The row with the names of the columns."""
    merged: Literal["first", "fill"] = "first"
    """Whether what merged cells say stands in the first of them alone, or in every row they cover."""
    normalised: tuple[Name, ...] = ()
    """Columns that are read without zero-width characters, and with plain letters and digits for full-width ones."""
    unknown: tuple[str, ...] = ()
    """Cells that mean: absent. Empty ones always do."""
    columns: dict[Name, Column] = Field(default_factory=dict)


SERIAL = "excel"
"""The format of a time that is written as the number by which Excel counts days."""


class Instant(Part):
    """A time in a column, or a day in one and its time in another."""

    column: Name
    time_column: Name | None = None
    """The column with the time of the day, where it has its own."""
    formats: Annotated[tuple[str, ...], Field(min_length=1)]
    """As in `strptime`, tried in order; day and time of two columns have a blank between them."""
    time_zone: str | None = None
    """Needed unless every format has an offset, `%z`."""
    precision: Literal["time", "date"] = "time"
    time: LocalTime | None = None
    """With precision `date`: the local time that stands for the whole day."""

    @model_validator(mode="after")
    def _complete(self) -> Self:
        if (self.precision == "date") != (self.time is not None):
            raise ValueError("precision date needs the time that stands for the day, and nothing else takes one")
        if self.precision == "date" and self.time_column is not None:
            raise ValueError("precision date takes no column with a time")
        if self.time_zone is None and all("%z" in one for one in self.formats):
            return self
        try:
            ZoneInfo(self.time_zone or "")
        except (ZoneInfoNotFoundError, ValueError, OSError) as unknown:
            raise ValueError(f"unknown time zone {self.time_zone or ''}".strip()) from unknown
        if self.time_zone not in _UTC and any("%Z" in one for one in self.formats):
            raise ValueError("the zone that %Z reads would be dropped: use %z")
        return self

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns that it is read from."""
        return (self.column,) if self.time_column is None else (self.column, self.time_column)
