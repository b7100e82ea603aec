"""How saves are appended, step by step, for whoever talks to the server: a thread or an event loop.

Where nothing is in the way, one statement does all. Else the head row is locked, what stands in the log is read, and
the same statement records the saves that fit. With the head locked nobody else can append, so this is exact.
"""

from collections.abc import Generator, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import psycopg
from eventsourcing.persistence import IntegrityError
from psycopg import AsyncConnection, Connection
from psycopg.rows import DictRow
from psycopg.types.numeric import Int8

from services.store.packing import bigints, blobs, texts
from services.store.saves import Appended, KeyTakenError, Result, Save
from services.store.statements import Statements

Step = tuple[bytes, Sequence[Any]]
Rows = list[DictRow]
Steps = Generator[Step, Rows, list[Result]]
"""Yields a statement with its parameters, takes its rows, and ends with one result per save."""

_BEGIN = b"BEGIN ISOLATION LEVEL READ COMMITTED"
_EARLIEST = (0, 1)
"""Versions that a stream may begin at: ours at 1, some of the library's at 0."""


def appending(statements: Statements, saves: Sequence[Save], now: datetime | None, *, unsure: bool = False) -> Steps:
    """Append saves in one transaction; those that conflict are left out alone.

    `now` replaces the database's clock. `unsure`: an earlier attempt may have been committed, so what stands in the
    log byte for byte as we would have written it is ours and is answered with the positions that it has.
    """
    expected = None if unsure else _expected(saves)
    if expected is not None:
        try:
            rows = yield _append(statements, saves, now, expected)
        except psycopg.errors.UniqueViolation:
            rows = []
        if rows:
            return _placed(saves, rows[0])
    return (yield from _appending_what_fits(statements, saves, now, unsure=unsure))


def run(connection: Connection[DictRow], steps: Steps) -> list[Result]:
    """Do the steps on an autocommit connection, which the caller rolls back or closes after an error."""
    try:
        query, parameters = next(steps)
        while True:
            try:
                cursor = connection.execute(query, parameters, prepare=True)
                rows = cursor.fetchall() if cursor.description else []
            except psycopg.errors.UniqueViolation as error:
                query, parameters = steps.throw(error)
            else:
                query, parameters = steps.send(rows)
    except StopIteration as end:
        return list(end.value)


async def run_async(connection: AsyncConnection[DictRow], steps: Steps) -> list[Result]:
    """Do the steps on an autocommit connection, which the caller rolls back or closes after an error."""
    try:
        query, parameters = next(steps)
        while True:
            try:
                cursor = await connection.execute(query, parameters, prepare=True)
                rows = await cursor.fetchall() if cursor.description else []
            except psycopg.errors.UniqueViolation as error:
                query, parameters = steps.throw(error)
            else:
                query, parameters = steps.send(rows)
    except StopIteration as end:
        return list(end.value)


def _expected(saves: Sequence[Save]) -> dict[str, int] | None:
    """The version at which each stream must stand; none where the saves contradict each other or begin at 0.

    None also where a save relies on what it does not write: only with the head locked is that certain.
    """
    expected: dict[str, int] = {}
    reached: dict[str, int] = {}
    for save in saves:
        if save.stands:
            return None
        for event in save.events:
            stream, version = str(event.originator_id), event.originator_version
            last = reached.get(stream)
            if last is None:
                expected[stream] = last = version - 1
            if version != last + 1 or version < 1:
                return None
            reached[stream] = version
    return expected


def _append(statements: Statements, saves: Sequence[Save], now: datetime | None, expected: dict[str, int]) -> Step:
    events = [event for save in saves for event in save.events]
    parameters: list[Any] = [
        Int8(len(events)),
        now,
        texts(list(expected)),
        bigints(list(expected.values())),
        Int8(len(events)),
        texts([str(event.originator_id) for event in events]),
        bigints([event.originator_version for event in events]),
        texts([event.topic for event in events]),
        blobs([event.state for event in events]),
    ]
    if not any(save.keys for save in saves):
        return statements.append, parameters
    remaining = len(events)
    keyed, places = [], []
    for save in saves:
        remaining -= len(save.events)
        keyed += [(key.stream or save.stream, key) for key in save.keys]
        places += _places(save, remaining)
    parameters += [
        texts([each.key.owner for _, each in keyed]),
        texts([each.key.key for _, each in keyed]),
        blobs([each.key.fingerprint for _, each in keyed]),
        texts([stream for stream, _ in keyed]),
        bigints([each.first for _, each in keyed]),
        bigints([each.last for _, each in keyed]),
        bigints(places),
    ]
    return statements.append_keyed, parameters


def _places(save: Save, after: int) -> list[int]:
    """How many events follow the last one of each key; as many as follow the save where a key has none."""
    if len(save.events) < 2:  # noqa: PLR2004 - nothing lies between the events of a save that has one
        return [after] * len(save.keys)
    following = {
        (str(event.originator_id), event.originator_version): place
        for place, event in enumerate(reversed(save.events), after)
    }
    return [
        following.get((key.stream or save.stream, key.last), after) if key.first <= key.last else after
        for key in save.keys
    ]


def _placed(saves: Sequence[Save], head: DictRow) -> list[Result]:
    position = head["size"] - sum(len(save.events) for save in saves)
    results: list[Result] = []
    for save in saves:
        positions = tuple(range(position + 1, position + 1 + len(save.events)))
        position += len(save.events)
        results.append(Appended(positions, position, head["recorded_at"]))
    return results


@dataclass
class _Log:
    """What stands in the log, as far as some saves touch it, and what they add to it one after another."""

    last: dict[str, int | None]
    keys: dict[tuple[str, str], DictRow | None]
    events: dict[tuple[str, int], DictRow] = field(default_factory=dict)

    def found(self, save: Save, head: DictRow) -> Appended | None:
        """Where a save stands already, byte for byte."""
        rows = [self.events.get((str(event.originator_id), event.originator_version)) for event in save.events]
        if not all(
            row and (row["topic"], bytes(row["state"])) == (event.topic, event.state)
            for row, event in zip(rows, save.events, strict=True)
        ):
            return None
        taken = [self.keys.get((each.key.owner, each.key.key)) for each in save.keys]
        if not all(
            row
            and (bytes(row["fingerprint"]), row["stream"], row["first_version"], row["last_version"])
            == (each.key.fingerprint, each.stream or save.stream, each.first, each.last)
            for row, each in zip(taken, save.keys, strict=True)
        ):
            return None
        positions = tuple(row["notification_id"] for row in rows if row)
        if rows and rows[-1]:
            return Appended(positions, positions[-1], rows[-1]["recorded_at"])
        return Appended((), taken[0]["position"], head["recorded_at"]) if taken and taken[0] else None

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


def _appending_what_fits(statements: Statements, saves: Sequence[Save], now: datetime | None, *, unsure: bool) -> Steps:
    yield _BEGIN, ()
    head = (yield statements.lock_head, ())[0]
    log = yield from _reading(statements, saves, unsure=unsure)
    results: list[Result | None] = [(log.found(save, head) if unsure else None) or log.add(save) for save in saves]
    fitting = [save for save, result in zip(saves, results, strict=True) if result is None]
    if fitting:
        rows = yield _append(statements, fitting, now, {})
        placed = iter(_placed(fitting, rows[0]))
        results = [result or next(placed) for result in results]
    yield b"COMMIT", ()
    return [result for result in results if result is not None]


def _reading(statements: Statements, saves: Sequence[Save], *, unsure: bool) -> Generator[Step, Rows, _Log]:
    events = [event for save in saves for event in save.events]
    keys = [each.key for save in saves for each in save.keys]
    streams = _unique(
        [*(str(event.originator_id) for event in events), *(stream for save in saves for stream, _ in save.stands)]
    )
    rows = (yield statements.last_versions, [texts(streams)]) if streams else []
    last = {row["stream"]: row["version"] for row in rows}
    rows = (
        (yield statements.keys_taken, [texts([key.owner for key in keys]), texts([key.key for key in keys])])
        if keys
        else []
    )
    log = _Log(last, {(row["owner"], row["key"]): row for row in rows})
    if unsure and events:
        rows = yield (
            statements.events_at,
            [
                texts([str(event.originator_id) for event in events]),
                bigints([event.originator_version for event in events]),
            ],
        )
        log.events = {(row["stream"], row["version"]): row for row in rows}
    return log


def _unique(values: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(values))
