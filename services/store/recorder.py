"""The recorder: appends saves to the log in one dense order, each with its idempotency key, all or nothing per save."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import psycopg
from eventsourcing.persistence import IntegrityError, InterfaceError, OperationalError, StoredEvent
from eventsourcing.postgres import PostgresApplicationRecorder, PostgresDatastore
from psycopg import Cursor
from psycopg.rows import DictRow
from psycopg.sql import SQL, Identifier

PATIENCE = 10.0
"""Seconds that an append goes on trying to reach the store."""

Clock = Callable[[], datetime | None]
"""The store's clock; none means the database's own."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What was recorded under an idempotency key."""

    fingerprint: bytes
    """SHA-256 of the request."""
    stream: str
    first_version: int
    last_version: int
    """Lower than `first_version` where there was nothing to do."""
    position: int


@dataclass(frozen=True, slots=True)
class Key:
    """An idempotency key with the request that it stands for."""

    owner: str
    """Who may use the key again: keys of different owners never meet."""
    key: str
    fingerprint: bytes
    """SHA-256 of the request."""


@dataclass(frozen=True, slots=True)
class KeyedVersions:
    """The versions that a keyed request recorded; `last` is below `first` where there was nothing to do."""

    key: Key
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Save:
    """Events of one stream that are recorded together or not at all."""

    stream: str
    events: Sequence[StoredEvent]
    keys: Sequence[KeyedVersions] = ()


@dataclass(frozen=True, slots=True)
class Appended:
    """The positions that a save got; the head of the log where it had no events."""

    positions: tuple[int, ...]
    position: int
    recorded_at: datetime


class KeyTakenError(Exception):
    """The idempotency key was used before."""


class LedgerRecorder(PostgresApplicationRecorder):
    """The library's recorder with dense positions instead of a sequence, and no table lock.

    One row, the head of the log, is locked per transaction: the order of positions is the order of commits, and
    `recorded_at` never goes back.
    """

    def __init__(self, datastore: PostgresDatastore, *, events_table_name: str, clock: Clock = lambda: None) -> None:
        super().__init__(datastore, events_table_name=events_table_name)
        self.clock = clock
        names = {
            "schema": Identifier(datastore.schema),
            "log": Identifier(events_table_name),
            "head": Identifier(f"{events_table_name}_head"),
            "keys": Identifier(f"{events_table_name}_keys"),
            "guard": Identifier(f"{events_table_name}_is_append_only"),
            "time_index": Identifier(f"{events_table_name}_recorded_at_idx"),
            "id_type": Identifier(datastore.originator_id_type),
        }
        self.sql_create_statements[self.create_table_statement_index] = SQL(
            "CREATE TABLE IF NOT EXISTS {schema}.{log} ("
            "originator_id {id_type} NOT NULL, originator_version bigint NOT NULL, topic text NOT NULL, "
            "state bytea NOT NULL, notification_id bigint NOT NULL, "
            "recorded_at timestamptz NOT NULL, "
            "PRIMARY KEY (originator_id, originator_version))"
        ).format(**names)
        del self.sql_create_statements[self.create_insert_function_statement_index]
        self.sql_create_statements += [
            SQL(statement).format(**names)
            for statement in (
                "CREATE INDEX IF NOT EXISTS {time_index} ON {schema}.{log} (recorded_at, notification_id)",
                (
                    "CREATE TABLE IF NOT EXISTS {schema}.{head} ("
                    "single boolean PRIMARY KEY DEFAULT true CHECK (single), size bigint NOT NULL, "
                    "recorded_at timestamptz NOT NULL) WITH (fillfactor = 10)"
                ),
                "INSERT INTO {schema}.{head} (size, recorded_at) VALUES (0, '-infinity') ON CONFLICT DO NOTHING",
                (
                    "CREATE TABLE IF NOT EXISTS {schema}.{keys} ("
                    "owner text NOT NULL, key text NOT NULL, fingerprint bytea NOT NULL, stream text NOT NULL, "
                    "first_version bigint NOT NULL, last_version bigint NOT NULL, position bigint NOT NULL, "
                    "PRIMARY KEY (owner, key))"
                ),
                (
                    "CREATE OR REPLACE FUNCTION {schema}.{guard}() RETURNS trigger LANGUAGE plpgsql AS "
                    "$$BEGIN RAISE EXCEPTION 'the log is append-only'; END$$"
                ),
                (
                    "CREATE OR REPLACE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {schema}.{log} "
                    "FOR EACH STATEMENT EXECUTE FUNCTION {schema}.{guard}()"
                ),
            )
        ]
        self._lock_head = SQL(
            "SELECT size, greatest(recorded_at, coalesce(%s, clock_timestamp())) AS recorded_at "
            "FROM {schema}.{head} FOR UPDATE"
        ).format(**names)
        self._set_head = SQL("UPDATE {schema}.{head} SET size = %s, recorded_at = %s").format(**names)
        self._insert = SQL(
            "INSERT INTO {schema}.{log} "
            "(originator_id, originator_version, topic, state, notification_id, recorded_at) "
            "SELECT unnest(%s::{id_type}[]), unnest(%s::bigint[]), unnest(%s::text[]), unnest(%s::bytea[]), "
            "unnest(%s::bigint[]), %s"
        ).format(**names)
        self._insert_keys = SQL(
            "INSERT INTO {schema}.{keys} (owner, key, fingerprint, stream, first_version, last_version, position) "
            "SELECT unnest(%s::text[]), unnest(%s::text[]), unnest(%s::bytea[]), %s, unnest(%s::bigint[]), "
            "unnest(%s::bigint[]), %s ON CONFLICT DO NOTHING"
        ).format(**names)
        self._select_keys = SQL(
            "SELECT key, fingerprint, stream, first_version, last_version, position "
            "FROM {schema}.{keys} WHERE owner = %s AND key = ANY(%s)"
        ).format(**names)
        self._select_at = SQL(
            "SELECT notification_id, topic, state, recorded_at FROM {schema}.{log} "
            "WHERE originator_id = %s AND originator_version BETWEEN %s AND %s ORDER BY originator_version"
        ).format(**names)
        self._select_head = SQL("SELECT size FROM {schema}.{head}").format(**names)

    def insert_events(self, stored_events: Sequence[StoredEvent], **_: Any) -> Sequence[int] | None:
        """The library's way in: one save of any streams; dense positions."""
        if not stored_events:
            return []
        result = self.append([Save(str(stored_events[0].originator_id), stored_events)])[0]
        if isinstance(result, Exception):
            raise result
        return list(result.positions)

    def append(self, saves: Sequence[Save]) -> "list[Appended | IntegrityError | KeyTakenError]":
        """Record saves in one transaction; a save that conflicts is left out alone and its error returned.

        When the connection breaks, the outcome is unknown: it is looked up before anything is tried again.

        Raises:
            OperationalError: the store is away, and nothing was recorded as far as it could be asked.
        """
        deadline = time.monotonic() + PATIENCE
        broken = False
        while True:
            try:
                return (self._outcome(saves) if broken else None) or self._append(saves)
            except (InterfaceError, OperationalError):
                broken = True
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.1)

    def _append(self, saves: Sequence[Save]) -> list[Any]:
        with self.datastore.get_connection() as connection, connection.cursor() as cursor:
            try:
                return self._append_all(cursor, saves)
            except (psycopg.errors.UniqueViolation, KeyTakenError):
                return self._append_each(cursor, saves)

    def _append_all(self, cursor: Cursor[DictRow], saves: Sequence[Save]) -> list[Any]:
        with cursor.connection.transaction():
            size, recorded_at = self._lock(cursor)
            results = []
            for save in saves:
                results.append(self._write(cursor, save, size, recorded_at))
                size += len(save.events)
            cursor.execute(self._set_head, (size, recorded_at), prepare=True)
        return results

    def _append_each(self, cursor: Cursor[DictRow], saves: Sequence[Save]) -> list[Any]:
        results: list[Any] = []
        with cursor.connection.transaction():
            size, recorded_at = self._lock(cursor)
            for save in saves:
                try:
                    with cursor.connection.transaction():
                        results.append(self._write(cursor, save, size, recorded_at))
                    size += len(save.events)
                except KeyTakenError as taken:
                    results.append(taken)
                except psycopg.errors.UniqueViolation:
                    results.append(IntegrityError(f"{save.stream} has changed"))
            cursor.execute(self._set_head, (size, recorded_at), prepare=True)
        return results

    def _lock(self, cursor: Cursor[DictRow]) -> tuple[int, datetime]:
        head = cursor.execute(self._lock_head, (self.clock(),), prepare=True).fetchone()
        if head is None:
            raise LookupError("the log has lost its head row")
        return head["size"], head["recorded_at"]

    def _write(self, cursor: Cursor[DictRow], save: Save, size: int, recorded_at: datetime) -> Appended:
        positions = tuple(range(size + 1, size + 1 + len(save.events)))
        position = positions[-1] if positions else size
        if save.keys:
            cursor.execute(
                self._insert_keys,
                (
                    [keyed.key.owner for keyed in save.keys],
                    [keyed.key.key for keyed in save.keys],
                    [keyed.key.fingerprint for keyed in save.keys],
                    save.stream,
                    [keyed.first for keyed in save.keys],
                    [keyed.last for keyed in save.keys],
                    position,
                ),
                prepare=True,
            )
            if cursor.rowcount < len(save.keys):
                raise KeyTakenError
        if positions:
            cursor.execute(
                self._insert,
                (
                    [event.originator_id for event in save.events],
                    [event.originator_version for event in save.events],
                    [event.topic for event in save.events],
                    [event.state for event in save.events],
                    list(positions),
                    recorded_at,
                ),
                prepare=True,
            )
        return Appended(positions, position, recorded_at)

    def _outcome(self, saves: Sequence[Save]) -> list[Any] | None:
        """What an append came to whose connection broke; none where it left nothing behind.

        Locking the head first waits for a commit that is still under way.
        """
        with self.datastore.get_connection() as connection, connection.transaction(), connection.cursor() as cursor:
            self._lock(cursor)
            results: list[Any] = []
            for save in saves:
                if not save.events:
                    return None
                found = cursor.execute(
                    self._select_at,
                    (save.stream, save.events[0].originator_version, save.events[-1].originator_version),
                ).fetchall()
                if [bytes(row["state"]) for row in found] != [event.state for event in save.events]:
                    results.append(IntegrityError(f"{save.stream} has changed"))
                    continue
                positions = tuple(row["notification_id"] for row in found)
                results.append(Appended(positions, positions[-1], found[-1]["recorded_at"]))
            return results if any(isinstance(result, Appended) for result in results) else None

    def answers(self, owner: str, keys: Sequence[str]) -> dict[str, Answer]:
        """What was recorded under idempotency keys of one owner, by key."""
        with self.datastore.get_connection() as connection, connection.cursor() as cursor:
            rows = cursor.execute(self._select_keys, (owner, list(keys)), prepare=True).fetchall()
        return {
            row["key"]: Answer(
                bytes(row["fingerprint"]), row["stream"], row["first_version"], row["last_version"], row["position"]
            )
            for row in rows
        }

    def size(self) -> int:
        """The last position of the log; 0 where it is empty."""
        with self.datastore.get_connection() as connection, connection.cursor() as cursor:
            row = cursor.execute(self._select_head, prepare=True).fetchone()
        if row is None:
            raise LookupError("the log has lost its head row")
        return int(row["size"])

    def max_notification_id(self) -> int | None:
        """The last position of the log; none where it is empty."""
        return self.size() or None
