"""How saves are appended, step by step, for whoever talks to the server: a thread or an event loop.

By what the writer remembers of the log, one statement does all. Where that was wrong, or saves contradict each other,
the head row is locked, what stands in the log is read, and the same statement records the saves that fit. With the
head locked nobody else can append, so this is exact.
"""

from collections.abc import Generator, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import psycopg
from eventsourcing.persistence import IntegrityError
from psycopg import Connection, RawCursor
from psycopg.rows import tuple_row
from psycopg.types.numeric import Int8

from services.store.identity.lineage import Place
from services.store.merkle import Tree, leaf, microseconds
from services.store.writing.memory import Head, Memory
from services.store.writing.packing import bigints, blobs, texts
from services.store.writing.saves import Appended, Key, KeyedVersions, KeyTakenError, Result, Save
from services.store.writing.session_loss import as_session_loss
from services.store.writing.statements import Statements

Row = tuple[Any, ...]
Statement = tuple[bytes, Sequence[Any]]
Step = tuple[Statement, ...]
"""Statements with their parameters, which may be sent together and are done one after another."""
Steps = Generator[Step, list[list[Row]], list[Result]]
"""Yields a step, takes the rows of each of its statements, and ends with one result per save."""

_BEGIN: Statement = (b"BEGIN ISOLATION LEVEL READ COMMITTED", ())
_COMMIT: Statement = (b"COMMIT", ())
_EARLIEST = (0, 1)
"""Versions that a stream may begin at: ours at 1, some of the library's at 0."""


def appending(
    statements: Statements, memory: Memory, saves: Sequence[Save], now: datetime | None, *, unsure: bool = False
) -> Steps:
    """Append saves in one transaction; those that conflict are left out alone.

    `now` replaces the database's clock. `unsure`: an earlier attempt may have been committed, so what stands in the
    log byte for byte as we would have written it is ours and is answered with the positions that it has.
    """
    if not unsure:
        results = yield from _appending_by_memory(statements, memory, saves, now)
        if results is not None:
            return results
    return (yield from _appending_what_fits(statements, memory, saves, now, unsure=unsure))


def begins_transaction(step: Step) -> bool:
    """Whether a step opens a transaction, which the last step ends."""
    return step[0] == _BEGIN


def advance(steps: Steps, answers: list[list[Row]] | BaseException | None = None) -> Step | list[Result]:
    """The next step after the answers to one, none for the first; the results after the last.

    Raises:
        BaseException: an answer was an error after which the steps cannot go on.
    """
    try:
        if isinstance(answers, BaseException):
            return steps.throw(answers)
        return next(steps) if answers is None else steps.send(answers)
    except StopIteration as end:
        return list(end.value)


def run(connection: Connection[Any], steps: Steps) -> list[Result]:
    """Do the steps on an autocommit connection, which the caller rolls back or closes after an error."""
    with RawCursor(connection, row_factory=tuple_row) as cursor:
        step = advance(steps)
        while not isinstance(step, list):
            try:
                answers: list[list[Row]] | psycopg.Error = [_rows(cursor, statement) for statement in step]
            except psycopg.Error as error:
                answers = as_session_loss(error)
            step = advance(steps, answers)
        return step


def _rows(cursor: RawCursor[Row], statement: Statement) -> list[Row]:
    cursor.execute(*statement, prepare=True)
    return cursor.fetchall() if cursor.description else []


def _appending_by_memory(
    statements: Statements, memory: Memory, saves: Sequence[Save], now: datetime | None
) -> Generator[Step, list[list[Row]], list[Result] | None]:
    """Append all saves with one statement; none where they do not all fit what is remembered, or it was wrong."""
    expected = _Expected.of(saves, memory)
    if expected is None:
        return None
    if not any(save.events or save.keys for save in saves):
        # What is remembered has to be asked, too: nothing is appended here that would be refused on another head.
        asked = texts([*expected.reached]), bigints([*expected.reached.values()])
        (rows,) = yield ((statements.confirm, asked),)
        return [Appended((), rows[0][0], rows[0][1])] * len(saves) if rows else None
    head = memory.trusted
    if head is None:
        return None
    batch = _Batch.of(saves, head, now or memory.now)
    # Whoever appends next by this memory does so on top of this batch, which may still be under way then.
    memory.learn(batch.head, expected.reached)
    try:
        (rows,) = yield (batch.statement(statements, head.tree, expected.unknown),)
    except psycopg.errors.UniqueViolation:
        rows = []
    except BaseException:
        memory.forget()
        raise
    if not rows:
        memory.was_wrong()
        return None
    memory.was_right(batch.head.size)
    memory.set_clock(rows[0][0])
    return list(batch.results)


@dataclass(slots=True)
class _Expected:
    """Where streams stand before some saves, as far as that is not remembered, and where they stand afterwards."""

    reached: dict[str, int] = field(default_factory=dict)
    unknown: dict[str, int] = field(default_factory=dict)

    @classmethod
    def of(cls, saves: Sequence[Save], memory: Memory) -> "_Expected | None":
        """None where the saves contradict each other or what is remembered, or where a stream begins at 0."""
        found = cls()
        reached = found.reached
        for save in saves:
            for event in save.events:
                stream, version = str(event.originator_id), event.originator_version
                last = reached.get(stream)
                if last is None:
                    last = memory.version(stream)
                if last is None:
                    last = version - 1
                    if last:  # the primary key keeps a stream from beginning twice
                        found.unknown[stream] = last
                if version != last + 1 or version < 1:
                    return None
                reached[stream] = version
            for stream, version in save.stands:
                last = reached.get(stream)
                if last is None:
                    last = memory.version(stream)
                if last is None:
                    found.unknown[stream] = last = version
                if version != last:
                    return None
                reached[stream] = version
        return found


@dataclass(frozen=True, slots=True)
class _Batch:
    """Saves at their places in the log."""

    saves: Sequence[Save]
    head: Head
    """The head after them."""
    results: Sequence[Appended]

    @classmethod
    def of(cls, saves: Sequence[Save], after: Head, now: datetime) -> "_Batch":
        """The places of saves that follow a head."""
        recorded_at = max(after.recorded_at, now)
        at, position = microseconds(recorded_at), after.size
        leaves: list[bytes] = []
        results: list[Appended] = []
        for save in saves:
            first = position + 1
            for event in save.events:
                position += 1
                leaves.append(
                    leaf(position, at, str(event.originator_id), event.originator_version, event.topic, event.state)
                )
            results.append(Appended(tuple(range(first, position + 1)), position, recorded_at))
        return cls(saves, Head(after.tree.grown(leaves), recorded_at), results)

    def statement(self, statements: Statements, onto: Tree, unknown: dict[str, int]) -> Statement:
        """What records them on top of a tree, if streams of unknown version stand where they should."""
        events = [event for save in self.saves for event in save.events]
        parameters: list[Any] = [
            Int8(onto.size),
            onto.packed,
            Int8(self.head.size),
            self.head.recorded_at,
            self.head.tree.packed,
            texts([*unknown]),
            bigints([*unknown.values()]),
            texts([str(event.originator_id) for event in events]),
            bigints([event.originator_version for event in events]),
            texts([event.topic for event in events]),
            blobs([event.state for event in events]),
        ]
        if not any(save.keys for save in self.saves):
            return statements.append, parameters
        keys: list[Key] = []
        streams: list[str] = []
        first: list[int] = []
        last: list[int] = []
        positions: list[int] = []
        for save, result in zip(self.saves, self.results, strict=True):
            for keyed, position in _positions(save, result):
                keys.append(keyed.key)
                streams.append(keyed.stream or save.stream)
                first.append(keyed.first)
                last.append(keyed.last)
                positions.append(position)
        parameters += [
            texts([key.owner for key in keys]),
            texts([key.key for key in keys]),
            blobs([key.fingerprint for key in keys]),
            texts(streams),
            bigints(first),
            bigints(last),
            bigints(positions),
        ]
        return statements.append_keyed, parameters


def _positions(save: Save, result: Appended) -> Iterable[tuple[KeyedVersions, int]]:
    """Each key with the position of the last event it stands for; with that of the save where it stands for none."""
    if len(save.events) < 2:  # noqa: PLR2004 - all keys of a save that has one event are about its position
        return ((key, result.position) for key in save.keys)
    at = {
        (str(event.originator_id), event.originator_version): position
        for event, position in zip(save.events, result.positions, strict=True)
    }
    return ((key, at.get(_last_event(key, save), result.position)) for key in save.keys)


def _last_event(key: KeyedVersions, save: Save) -> tuple[str, int]:
    """Stream and version of the last event that a key stands for; version 0, which no event has, for none."""
    return key.stream or save.stream, key.last if key.first <= key.last else 0


@dataclass
class _Log:
    """What stands in the log, as far as some saves touch it, and what they add to it one after another."""

    last: dict[str, int | None]
    keys: dict[tuple[str, str], Row | None]
    """Stream, fingerprint, first and last version, position, by owner and key."""
    events: dict[tuple[str, int], Row] = field(default_factory=dict)
    """Name, stored bytes, position, recorded time, by stream and version."""

    def found(self, save: Save, head: Head) -> Appended | None:
        """Where a save stands already, byte for byte."""
        positions: list[int] = []
        recorded_at = head.recorded_at
        for event in save.events:
            row = self.events.get((str(event.originator_id), event.originator_version))
            if row is None or row[:2] != (event.topic, event.state):
                return None
            _, _, position, recorded_at = row
            positions.append(position)
        for each in save.keys:
            taken = self.keys.get((each.key.owner, each.key.key))
            if not taken or taken[:-1] != (each.key.fingerprint, each.stream or save.stream, each.first, each.last):
                return None
            if not save.events:
                return Appended((), taken[-1], recorded_at)
        return Appended(tuple(positions), positions[-1], recorded_at) if positions else None

    def add(self, save: Save) -> IntegrityError | KeyTakenError | None:
        """Add a save, or say why it does not fit."""
        keys = {(each.key.owner, each.key.key) for each in save.keys}
        if len(keys) < len(save.keys) or keys & self.keys.keys():
            return KeyTakenError()
        reached: dict[str, int | None] = {}
        for event in save.events:
            stream, version = str(event.originator_id), event.originator_version
            last = reached.get(stream, self.last.get(stream))
            if version not in (_EARLIEST if last is None else (last + 1,)):
                return IntegrityError(f"{stream} has changed")
            reached[stream] = version
        for stream, version in save.stands:
            if (self.last.get(stream) or 0) != version:
                return IntegrityError(f"{stream} has changed")
        self.keys |= dict.fromkeys(keys)
        self.last |= reached
        return None


def _appending_what_fits(
    statements: Statements, memory: Memory, saves: Sequence[Save], now: datetime | None, *, unsure: bool
) -> Steps:
    """Two round trips: what stands in the log, with the head locked, and what is added to it."""
    look: Step = ((statements.place, ()),) if unsure or not memory.looked else ()
    _, *answers = yield (_BEGIN, *_reading(statements, saves, unsure=unsure), *look)
    place = Place(*answers.pop()[0]) if look else None
    fitting = _Fitting.of(saves, answers, now, unsure=unsure)
    changed = memory.changed(fitting.head.size, place)
    begun: Step = ((statements.begin_incarnation, (Int8(fitting.head.size), *changed)),) if changed else ()
    yield (*begun, *fitting.statements(statements), _COMMIT)
    fitting.teach(memory)
    memory.recorded(fitting.batch.head.size, place, changed)
    return fitting.results


def appending_in_transaction(
    statements: Statements, memory: Memory, saves: Sequence[Save], now: datetime | None, *, unsure: bool = False
) -> Steps:
    """Append the saves that fit in a transaction that somebody else began, and ends; the head is locked until then."""
    answers = yield _reading(statements, saves, unsure=unsure)
    fitting = _Fitting.of(saves, answers, now, unsure=unsure)
    yield fitting.statements(statements)
    fitting.teach(memory)
    return fitting.results


def _reading(statements: Statements, saves: Sequence[Save], *, unsure: bool) -> Step:
    """Locks the head, then reads what stands in the log of all that the saves touch."""
    events = [event for save in saves for event in save.events]
    keys = [each.key for save in saves for each in save.keys]
    streams = {str(event.originator_id) for event in events} | {stream for save in saves for stream, _ in save.stands}
    found = events if unsure else []
    return (
        (statements.lock_head, ()),
        (statements.last_versions, [texts([*streams])]),
        (statements.keys_taken, [texts([key.owner for key in keys]), texts([key.key for key in keys])]),
        (
            statements.events_at,
            [
                texts([str(event.originator_id) for event in found]),
                bigints([event.originator_version for event in found]),
            ],
        ),
    )


@dataclass(frozen=True, slots=True)
class _Fitting:
    """The saves that fit what was read with the head locked, at their places, and what became of the others."""

    head: Head
    """The head before them."""
    batch: _Batch
    last: dict[str, int]
    """Where the streams stand after them."""
    clock: datetime
    results: list[Result]

    @classmethod
    def of(
        cls, saves: Sequence[Save], answers: Sequence[list[Row]], now: datetime | None, *, unsure: bool
    ) -> "_Fitting":
        ((size, recorded_at, frontier, clock),), versions, keys, events = answers
        head = Head(Tree.unpacked(size, frontier), recorded_at)
        log = _Log(
            dict(versions),
            {(owner, key): tuple(taken) for owner, key, *taken in keys},
            {(stream, version): tuple(found) for stream, version, *found in events},
        )
        results = [(log.found(save, head) if unsure else None) or log.add(save) for save in saves]
        fitting = [save for save, result in zip(saves, results, strict=True) if result is None]
        batch = _Batch.of(fitting, head, now or clock)
        placed = iter(batch.results)
        return cls(
            head,
            batch,
            {stream: last for stream, last in log.last.items() if last},
            clock,
            [result or next(placed) for result in results],
        )

    def statements(self, statements: Statements) -> Step:
        """What records them; nothing where they only ask."""
        if any(save.events or save.keys for save in self.batch.saves):
            return (self.batch.statement(statements, self.head.tree, {}),)
        return ()

    def teach(self, memory: Memory) -> None:
        """Let a writer remember the log as it is now."""
        memory.forget()
        memory.learn(self.batch.head, self.last)
        memory.set_clock(self.clock)
