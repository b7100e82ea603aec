"""Turns one row into the commands it leads to."""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

from pydantic import ValidationError

from commands.base import Command
from events.recorded import Context, Provenance
from events.vocabulary.identifiers import StreamId
from services.handling import Request
from services.imports.mapping import CommandRule, Mapping, Track
from services.imports.memory import Holder, Memory, Values
from services.imports.reasons import FieldInvalidError, RowRejectedError
from services.imports.tables import Row
from services.imports.templates import render, render_all
from services.imports.tracking import NOBODY, recorded_holder, succession, superseded
from services.imports.values import Reader, RowValues
from services.store.ledger import Ledger
from services.store.writing.recorder import Key

Place = tuple[int, str, str]
"""Track, stream, subject."""

ACTOR = "system:import@1"


@dataclass(frozen=True, slots=True)
class Numbered:
    """A row and what tells it from all others: its content, with the how-manieth repetition it is."""

    row: Row
    identity: str


@dataclass(frozen=True, slots=True)
class Planned:
    """What a row leads to."""

    requests: list[Request]
    superseded: int = 0
    """Holders that never took effect, because a later row of the same instant named another."""


def owner(mapping: Mapping) -> str:
    """Who the idempotency keys of a mapping belong to."""
    return f"import:{mapping.name}"


def first_key(numbered: Numbered) -> str:
    """The idempotency key of a row's first command: recorded if, and only if, the row was imported."""
    return f"{numbered.identity}/0"


def key_of_nothing(mapping: Mapping, numbered: Numbered) -> Key:
    """What is recorded of a row that led to nothing, so that it is known when it comes again."""
    return Key(owner(mapping), first_key(numbered), b"")


class Planner:
    """Plans the rows of one file after another; `memory` is carried from row to row."""

    def __init__(self, ledger: Ledger, mapping: Mapping, memory: Memory, reader: Reader, batch: str) -> None:
        self.ledger = ledger
        self.mapping = mapping
        self.memory = memory
        self.reader = reader
        self.batch = batch
        self.assumed: set[StreamId] = set()
        """Streams that were taken to have no events; whoever executes the plan must make sure."""

    def plan(self, numbered: Numbered, *, imported: bool) -> Planned:
        """The commands of a row; none for one that was imported before.

        Raises:
            RowRejectedError: the row does not give what the mapping needs.
        """
        mark = len(self.memory.journal)
        try:
            return self._plan(numbered, imported=imported)
        except RowRejectedError:
            self.memory.undo(mark)
            raise

    def _plan(self, numbered: Numbered, *, imported: bool) -> Planned:
        memory = self.memory
        row_key = RowValues(self.reader, numbered.row, numbered.identity).need_rendered(self.mapping.rows.key)
        values = RowValues(self.reader, numbered.row, numbered.identity, memory.firsts.get(row_key))
        previous = memory.previous.get(row_key)
        rules = list(self._rules(values, row_key, previous))
        given = [] if imported else list(self._given(rules, values))
        tracked = list(self._tracked(values, previous, numbered, imported=imported))
        if self.mapping.keeps_rows_apart:
            memory.put(memory.previous, row_key, {name: values.get(name) for name in self.mapping.watched})
            if values.first is None:
                memory.put(memory.firsts, row_key, {name: values.get(name) for name in self.mapping.firsts})
        return Planned(
            self._requests(given + tracked, values, numbered), superseded([command for _, command in tracked])
        )

    def _rules(self, values: RowValues, row_key: str, previous: Values | None) -> Iterator[CommandRule]:
        given = self.memory.given
        for place, rule in enumerate(self.mapping.commands):
            if rule.when is not None and not rule.when.holds(values.get, previous):
                continue
            if rule.once:
                if (place, row_key) in given:
                    continue
                self.memory.put(given, (place, row_key), value=True)
            yield rule

    def _given(self, rules: Iterable[CommandRule], values: RowValues) -> Iterator[tuple[StreamId, Command]]:
        for rule in rules:
            stream = _stream(rule.stream, values)
            if rule.creates and self._exists(stream):
                continue
            yield stream, _command(rule, _body(rule, values), values)
            if rule.creates:
                self.memory.put(self.memory.created, stream, value=True)

    def _exists(self, stream: StreamId) -> bool:
        if stream in self.memory.created:
            return True
        self.assumed.add(stream)
        return False

    def _tracked(
        self, values: RowValues, previous: Values | None, numbered: Numbered, *, imported: bool
    ) -> Iterator[tuple[StreamId, Command]]:
        for index, track in enumerate(self.mapping.track):
            if track.when is not None and not track.when.holds(values.get, previous):
                continue
            stream = _stream(track.stream, values)
            subject = values.need_rendered(track.subject)
            at = values.instant(track.at)
            place = index, stream, subject
            assignment_id = uuid5(self.reader.own_namespace, f"{numbered.identity}/{track.role}/{subject}")
            if imported:
                self._pass(place, at, assignment_id)
                continue
            before = self.memory.holders.get(place) or self._recorded_holder(track, place, stream, at)
            person = _person(track, values)
            try:
                after, commands = succession(track, subject, before, person, at, assignment_id)
            except ValidationError as error:
                raise _field_invalid("assign-responsibility", error) from error
            self.memory.put(self.memory.holders, place, after)
            for command in commands:
                yield stream, command

    def _pass(self, place: Place, at: datetime, assignment_id: UUID) -> None:
        """The ledger has what an imported row led to, and perhaps more: it is asked when a new row comes."""
        self.memory.forget(self.memory.holders, place)
        since, ids = self.memory.passed.get(place, (at, ()))
        self.memory.put(self.memory.passed, place, (at, (*(ids if since == at else ()), str(assignment_id))))

    def _recorded_holder(self, track: Track, place: Place, stream: StreamId, at: datetime) -> Holder:
        if not self._exists(stream):
            return NOBODY
        _, passed = self.memory.passed.get(place, (at, ()))
        return recorded_holder(self.ledger, track, stream, place[2], at, passed)

    def _requests(
        self, commands: list[tuple[StreamId, Command]], values: RowValues, numbered: Numbered
    ) -> list[Request]:
        if not commands:
            return []
        recorded_at = self.mapping.rows.recorded_at
        context = Context(
            actor=ACTOR,
            correlation_id=uuid5(self.reader.own_namespace, numbered.identity),
            source=Provenance(
                batch=self.batch,
                row=numbered.row.number,
                recorded_at=values.instant(recorded_at) if recorded_at is not None else None,
            ),
            trust="unverified",
        )
        return [
            Request(stream, command, context, key=self._key(numbered, index, stream, command))
            for index, (stream, command) in enumerate(commands)
        ]

    def _key(self, numbered: Numbered, index: int, stream: StreamId, command: Command) -> Key:
        written = f"{stream} {type(command).__name__} {command.model_dump_json()}"
        fingerprint = hashlib.sha256(written.encode()).digest()
        return Key(owner(self.mapping), f"{numbered.identity}/{index}", fingerprint)


def _stream(template: str, values: RowValues) -> StreamId:
    kind, _, identifier = values.need_rendered(template).partition(":")
    return StreamId(f"{kind}:{_id(identifier, template)}")


def _person(track: Track, values: RowValues) -> str | None:
    identifier = render(track.person, values.get)
    return None if identifier is None else _id(identifier, track.person)


def _id(identifier: str, template: str) -> str:
    """An id as we write it.

    Raises:
        RowRejectedError: it is none.
    """
    try:
        return str(UUID(identifier))
    except ValueError:
        raise RowRejectedError("row.no-id", name=template) from None


def _body(rule: CommandRule, values: RowValues) -> dict[str, Any]:
    """The body of a command, with its days as days of the place where the source was written."""
    days = {field: render_all(rule.body[field], values.day) for field in rule.days}
    filled = {**render_all(rule.body, values.get), **days}
    return {field: value for field, value in filled.items() if value is not None}


def _command(rule: CommandRule, body: dict[str, Any], values: RowValues) -> Command:
    try:
        command = rule.cls.model_validate(body)
        # A row has numbers as text; otherwise it may say what anybody may say, and no more.
        rule.cls.model_validate_json(command.model_dump_json(exclude_unset=True), strict=True)
    except ValidationError as error:
        invalid = _field_invalid(rule.command, error)
        if invalid.error_type == "missing":
            _name_what_is_absent(rule.body.get(invalid.details["field"]), values)
        raise invalid from error
    return command


def _field_invalid(command: str, error: ValidationError) -> FieldInvalidError:
    first = error.errors(include_url=False)[0]
    field = ".".join(str(step) for step in first["loc"])
    return FieldInvalidError(command, field, first["type"], first.get("ctx", {}))


def _name_what_is_absent(template: Any, values: RowValues) -> None:
    """Say which name of a text had no value, where it is a text."""
    if isinstance(template, str):
        values.need_rendered(template)
