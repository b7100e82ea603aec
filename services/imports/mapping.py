"""What a mapping file may say, and whether it makes sense."""

import tomllib
from collections.abc import Iterator
from datetime import date
from functools import cached_property
from itertools import chain
from pathlib import Path
from typing import Annotated, Any, Literal, Self, get_args

from pydantic import Field, StringConstraints, ValidationError, model_validator

from commands.base import Command
from commands.catalogue import CATALOGUE, INTERNAL
from events.vocabulary.identifiers import STREAM_KINDS, StreamKind
from events.vocabulary.values import Code, Involvement
from services.imports.conditions import Condition
from services.imports.encodings import require_known
from services.imports.reasons import UnusableError
from services.imports.source import Instant, Name, Part, Source
from services.imports.templates import Template, names

ROW, IDENTITY = "#row", "#identity"
"""Names every row has: its number in the file, and its content with the how-manieth repetition it is."""


class Rows(Part):
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


class ValueMap(Part):
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


class CommandRule(Part):
    """A command that a row may lead to."""

    command: str
    stream: Template
    when: Condition | None = None
    creates: bool = False
    """Give it only where the stream has no event yet."""
    once: bool = False
    """Give it for the first row of a key that meets the condition, and for no other."""
    body: dict[str, Any] = Field(default_factory=dict)

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


class Track(Part):
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


class Mapping(Part):
    """A mapping file."""

    name: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]{0,59}$")]
    version: int = Field(ge=1)
    description: str | None = None
    namespace: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]{0,59}$")] | None = None
    """Mappings of one namespace make the same id from the same natural key; the mapping's name by default."""
    source: Source = Source()
    rows: Rows = Rows()
    instants: dict[Name, Instant] = Field(default_factory=dict)
    earliest: dict[Name, Annotated[tuple[Name, ...], Field(min_length=1)]] = Field(default_factory=dict)
    """The earliest of several instants, of those that are there."""
    values: dict[Name, ValueMap] = Field(default_factory=dict)
    firsts: dict[Name, Template] = Field(default_factory=dict)
    """What the first row of a key says stands for all of its rows."""
    ids: dict[Name, Template] = Field(default_factory=dict)
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
