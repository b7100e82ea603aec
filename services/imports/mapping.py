"""What a mapping file may say, and whether it makes sense."""

import tomllib
from collections.abc import Iterator
from datetime import date, time
from functools import cached_property
from itertools import chain
from pathlib import Path
from typing import Annotated, Any, Literal, Self, get_args
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError, model_validator

from commands.base import Command
from commands.catalogue import CATALOGUE, INTERNAL
from events.vocabulary.identifiers import STREAM_KINDS, StreamKind
from events.vocabulary.values import Code, Involvement
from services.imports.conditions import Condition
from services.imports.encodings import AUTO, require_known
from services.imports.reasons import UnusableError
from services.imports.templates import Template, names

LocalTime = time
Name = Annotated[str, StringConstraints(min_length=1, max_length=200)]
ROW, IDENTITY = "#row", "#identity"
"""Names every row has: its number in the file, and its content with the how-manieth repetition it is."""


_UTC = frozenset({"UTC", "Etc/UTC", "GMT", "Etc/GMT"})


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Column(_Part):
    """A column that is named by its place."""

    ordinal: int = Field(ge=1)
    header: str
    """What the header says there."""


class Source(_Part):
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
    columns: dict[Name, Column] = {}


class Rows(_Part):
    """Which rows belong together, and in which order they come."""

    key: Template = f"{{{ROW}}}"
    order: tuple[Name, ...] = ()
    """Instants or columns; ties come in file order. None: file order."""
    late: Literal["sort", "reject"] = "sort"
    """What becomes of a row that comes after a later one of its key."""
    recorded_at: Name | None = None
    """The instant at which the source itself learned of the row."""
    ignore: tuple[Name, ...] = ()
    """Columns that say nothing: two rows that differ in them alone are repetitions."""
    repeats: Literal["distinct", "same"] = "same"
    """Whether a repeated row is another fact, or the same one again."""


SERIAL = "excel"
"""The format of a time that is written as the number by which Excel counts days."""


class Instant(_Part):
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


class ValueMap(_Part):
    """A value of ours for each value of a column."""

    column: Name
    map: dict[str, str]
    otherwise: str | None = None
    """For all other values; none: such rows are rejected."""


def _kind_of(stream: str) -> StreamKind:
    kind, colon, _ = stream.partition(":")
    if not colon or kind not in STREAM_KINDS:
        raise ValueError(f"a stream is one of {', '.join(STREAM_KINDS)}, a colon and an id")
    return kind


def _is_day(annotation: Any) -> bool:
    return annotation is date or any(_is_day(part) for part in get_args(annotation))


class CommandRule(_Part):
    """A command that a row may lead to."""

    command: str
    stream: Template
    when: Condition | None = None
    creates: bool = False
    """Give it only where the stream has no event yet."""
    once: bool = False
    """Give it for the first row of a key that meets the condition, and for no other."""
    body: dict[str, Any] = {}

    @model_validator(mode="after")
    def _fits(self) -> Self:
        cls = CATALOGUE[_kind_of(self.stream)].get(self.command)
        if cls is None or cls in INTERNAL:
            raise ValueError(f"no command {self.command} for this kind of stream")
        unknown = self.body.keys() - cls.model_fields.keys()
        if unknown:
            raise ValueError(f"{self.command} has no field {', '.join(sorted(unknown))}")
        missing = {name for name, field in cls.model_fields.items() if field.is_required()} - self.body.keys()
        if missing:
            raise ValueError(f"{self.command} needs {', '.join(sorted(missing))}")
        return self

    @cached_property
    def cls(self) -> type[Command]:
        """The class of the command."""
        return CATALOGUE[_kind_of(self.stream)][self.command]

    @cached_property
    def days(self) -> frozenset[str]:
        """The fields of the body that are days."""
        fields = self.cls.model_fields
        return frozenset(name for name in self.body if _is_day(fields[name].annotation))


class Track(_Part):
    """A column that says who holds a role from each row on, until the next row of the same stream and subject.

    When the value changes, the holder's assignment ends and the next one's begins, both at `at`; a value that is
    absent ends it. Of several at one instant the last row wins: what the rows before it began is withdrawn.
    """

    stream: Template
    subject: Template = "self"
    role: Code
    person: Template
    involvement: Involvement = "responsible"
    at: Name
    when: Condition | None = None

    @model_validator(mode="after")
    def _of_a_kind(self) -> Self:
        if _kind_of(self.stream) not in {"customer", "project"}:
            raise ValueError("responsibilities are held for customers and projects")
        return self


class Mapping(_Part):
    """A mapping file."""

    name: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]{0,59}$")]
    version: int = Field(ge=1)
    description: str | None = None
    namespace: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]{0,59}$")] | None = None
    """Mappings of one namespace make the same id from the same natural key; the mapping's name by default."""
    source: Source = Source()
    rows: Rows = Rows()
    instants: dict[Name, Instant] = {}
    earliest: dict[Name, Annotated[tuple[Name, ...], Field(min_length=1)]] = {}
    """The earliest of several instants, of those that are there."""
    values: dict[Name, ValueMap] = {}
    firsts: dict[Name, Template] = {}
    """What the first row of a key says stands for all of its rows."""
    ids: dict[Name, Template] = {}
    """Natural keys that become stable ids."""
    commands: tuple[CommandRule, ...] = ()
    track: tuple[Track, ...] = ()

    @model_validator(mode="after")
    def _coherent(self) -> Self:
        if not self.commands and not self.track:
            raise ValueError("a mapping without commands and without tracks does nothing")
        defined = [*self.derived(), *self.source.columns]
        twice = {name for name in defined if defined.count(name) > 1}
        if twice:
            raise ValueError(f"defined twice: {', '.join(sorted(twice))}")
        recorded_at = [self.rows.recorded_at] if self.rows.recorded_at is not None else []
        for name in (*(track.at for track in self.track), *recorded_at, *chain(*self.earliest.values())):
            if name not in self.instants:
                raise ValueError(f"no instant {name}")
        for name in (*self.firsts, *self.ids):
            if name in self._reached(name):
                raise ValueError(f"{name} is made from itself")
        too_late = self._reached_from(names(self.rows.key)) & (self.firsts.keys() | {IDENTITY})
        if too_late:
            raise ValueError(f"the key of rows cannot be made from {', '.join(sorted(too_late))}")
        return self

    def _reached(self, name: str) -> set[str]:
        return self._reached_from(names(self.firsts.get(name) or self.ids.get(name) or ""))

    def _reached_from(self, start: Iterator[str]) -> set[str]:
        reached: set[str] = set()
        waiting = list(start)
        while waiting:
            name = waiting.pop()
            if name not in reached:
                reached.add(name)
                waiting.extend(names(self.firsts.get(name) or self.ids.get(name) or ""))
        return reached

    def derived(self) -> tuple[str, ...]:
        """Every name that the mapping itself gives a meaning."""
        return (*self.instants, *self.earliest, *self.values, *self.firsts, *self.ids, ROW, IDENTITY)

    def conditions(self) -> Iterator[Condition]:
        """Every condition, and those inside them."""
        for when in (*(rule.when for rule in self.commands), *(track.when for track in self.track)):
            if when is not None:
                yield from when.parts()

    @cached_property
    def watched(self) -> tuple[str, ...]:
        """The names whose values are compared with the row before."""
        return tuple(dict.fromkeys(part.value for part in self.conditions() if part.watches and part.value))

    @cached_property
    def keeps_rows_apart(self) -> bool:
        """Whether a row's meaning depends on the rows of its key before it."""
        return bool(
            self.firsts
            or self.watched
            or any(part.first is not None for part in self.conditions())
            or any(rule.once for rule in self.commands)
        )

    def columns(self) -> set[str]:
        """Every column that the file must have."""
        used = set(chain(*(one.columns for one in self.instants.values())))
        used |= {one.column for one in self.values.values()}
        used |= {*self.rows.order, *self.rows.ignore, *self.source.normalised}
        used |= {part.value for part in self.conditions() if part.value}
        used |= set(names([self.rows.key, *self.firsts.values(), *self.ids.values()]))
        for rule in self.commands:
            used |= set(names([rule.stream, rule.body]))
        for track in self.track:
            used |= set(names([track.stream, track.subject, track.person]))
        return used - set(self.derived()) - {f"{name}.date" for name in self.instants}


def read_mapping(path: Path) -> Mapping:
    """The mapping in a TOML file.

    Raises:
        UnusableError: it cannot be read, or something in it is wrong.
    """
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise UnusableError("file.absent", file=path.name) from None
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise UnusableError("mapping.unreadable", file=path.name, problem=str(error)) from error
    return mapping_of(content, path.name)


def mapping_of(content: dict[str, Any], file: str) -> Mapping:
    """The mapping that a parsed TOML file holds.

    Raises:
        UnusableError: something in it is wrong; the place is named.
    """
    try:
        mapping = Mapping.model_validate(content)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(step) for step in first["loc"]) or "mapping"
        raise UnusableError("mapping.invalid", file=file, where=where, problem=first["msg"]) from error
    require_known(mapping.source.encoding)
    return mapping
