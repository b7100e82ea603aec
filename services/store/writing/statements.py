"""The log's tables and the statements that append to it."""

from psycopg.sql import SQL, Composed, Identifier

from services.store.identity.places import PLACE

_TABLES = (
    (
        "CREATE TABLE IF NOT EXISTS {schema}.{log} ("
        "originator_id {id_type} NOT NULL, originator_version bigint NOT NULL, topic text NOT NULL, "
        "state bytea NOT NULL, notification_id bigint NOT NULL, recorded_at timestamptz NOT NULL, "
        "last_of_batch boolean NOT NULL DEFAULT true, "
        "PRIMARY KEY (originator_id, originator_version))"
    ),
    "CREATE UNIQUE INDEX IF NOT EXISTS {position_index} ON {schema}.{log} (notification_id)",
    # For logs that were begun without.
    "ALTER TABLE {schema}.{log} ADD COLUMN IF NOT EXISTS last_of_batch boolean NOT NULL DEFAULT true",
    # The events of one batch are recorded at one instant, so its last one tells the position of that instant.
    ("CREATE INDEX IF NOT EXISTS {time_index} ON {schema}.{log} (recorded_at, notification_id) WHERE last_of_batch"),
    (
        "CREATE TABLE IF NOT EXISTS {schema}.{head} ("
        "single boolean PRIMARY KEY DEFAULT true CHECK (single), size bigint NOT NULL, "
        "recorded_at timestamptz NOT NULL, frontier bytea) WITH (fillfactor = 10)"
    ),
    "ALTER TABLE {schema}.{head} ADD COLUMN IF NOT EXISTS frontier bytea",
    "UPDATE {schema}.{head} SET recorded_at = 'epoch' WHERE recorded_at < 'epoch'",
    "INSERT INTO {schema}.{head} (size, recorded_at, frontier) VALUES (0, 'epoch', '') ON CONFLICT DO NOTHING",
    (
        "CREATE TABLE IF NOT EXISTS {schema}.{keys} ("
        "owner text NOT NULL, key text NOT NULL, fingerprint bytea NOT NULL, stream text NOT NULL, "
        "first_version bigint NOT NULL, last_version bigint NOT NULL, position bigint NOT NULL, "
        "PRIMARY KEY (owner, key))"
    ),
    (
        "CREATE TABLE IF NOT EXISTS {schema}.{incarnation} ("
        "number int PRIMARY KEY, id uuid NOT NULL UNIQUE DEFAULT gen_random_uuid(), since bigint NOT NULL, "
        "noticed_at timestamptz NOT NULL DEFAULT clock_timestamp(), noticed text NOT NULL, reason text NOT NULL, "
        "system bigint NOT NULL, database bigint NOT NULL, timeline bigint NOT NULL)"
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

# The last version of a stream by one step into the primary key, however long the stream.
_LAST = (
    "(SELECT originator_version FROM {schema}.{log} WHERE originator_id = asked.stream::{id_type} "
    "ORDER BY originator_version DESC LIMIT 1)"
)
_STANDING = (
    "NOT EXISTS (SELECT FROM unnest($%d::text[], $%d::bigint[]) AS asked (stream, version) "
    f"WHERE version <> coalesce({_LAST}, 0))"
)
# Records only on top of the head that the writer knows. Locking it first waits for a batch of the same writer that is
# still under way, and sees it; whatever else was recorded meanwhile is another head, so the check of the streams,
# which reads the statement's snapshot, cannot have missed it.
_APPEND = (
    "WITH locked AS MATERIALIZED (SELECT size, frontier FROM {schema}.{head} FOR UPDATE), "
    "head AS (UPDATE {schema}.{head} AS head SET size = $3, recorded_at = $4, frontier = $5 FROM locked "
    f"WHERE locked.size = $1 AND locked.frontier = $2 AND {_STANDING % (6, 7)} RETURNING head.size), "
    "events AS (INSERT INTO {schema}.{log} "
    "(originator_id, originator_version, topic, state, notification_id, recorded_at, last_of_batch) "
    "SELECT stream::{id_type}, version, topic, state, $1 + place, $4, $1 + place = $3 FROM head, "
    "unnest($8::text[], $9::bigint[], $10::text[], $11::bytea[]) "
    "WITH ORDINALITY AS event (stream, version, topic, state, place))"
)
_KEYS = (
    ", keys AS (INSERT INTO {schema}.{keys} "
    "(owner, key, fingerprint, stream, first_version, last_version, position) "
    "SELECT owner, key, fingerprint, stream, first, last, position FROM head, "
    "unnest($12::text[], $13::text[], $14::bytea[], $15::text[], $16::bigint[], $17::bigint[], $18::bigint[]) "
    "AS keyed (owner, key, fingerprint, stream, first, last, position))"
)
_RECORDED = " SELECT clock_timestamp() FROM head"
# Once, where several writers notice the same before anything else is recorded.
_BEGIN_INCARNATION = (
    "INSERT INTO {schema}.{incarnation} (number, since, noticed, reason, system, database, timeline) "
    f"SELECT coalesce(max(number), 0) + 1, $1, $2, $3, {PLACE} "
    "FROM {schema}.{incarnation} AS incarnation HAVING NOT EXISTS ("
    "SELECT FROM {schema}.{incarnation} AS last WHERE last.number = max(incarnation.number) AND last.since = $1 "
    f"AND (last.system, last.database, last.timeline) = ({PLACE}))"
)
_KEY_FIELDS = "key, fingerprint, stream, first_version, last_version, position"


class Statements:
    """The SQL of one log: `log`, `log_head` and `log_keys` in a schema. Parameters are numbered."""

    def __init__(self, schema: str, log: str, id_type: str) -> None:
        names = {
            "schema": Identifier(schema),
            "log": Identifier(log),
            "head": Identifier(f"{log}_head"),
            "keys": Identifier(f"{log}_keys"),
            "incarnation": Identifier(f"{log}_incarnation"),
            "guard": Identifier(f"{log}_is_append_only"),
            "position_index": Identifier(f"{log}_notification_id_idx"),
            "time_index": Identifier(f"{log}_recorded_at_idx"),
            "id_type": Identifier(id_type),
        }

        def written(statement: str) -> bytes:
            return SQL(statement).format(**names).as_bytes()

        self.create: list[Composed] = [SQL(statement).format(**names) for statement in _TABLES]
        self.append = written(f"{_APPEND}{_RECORDED}")
        self.append_keyed = written(f"{_APPEND}{_KEYS}{_RECORDED}")
        self.confirm = written(
            f"SELECT size, recorded_at, clock_timestamp() FROM {{schema}}.{{head}} WHERE {_STANDING % (1, 2)}"
        )
        self.lock_head = written(
            "SELECT size, recorded_at, frontier, clock_timestamp() FROM {schema}.{head} FOR UPDATE"
        )
        self.last_versions = written(f"SELECT stream, {_LAST} FROM unnest($1::text[]) AS asked (stream)")
        self.keys_taken = written(
            f"SELECT owner, {_KEY_FIELDS} FROM unnest($1::text[], $2::text[]) AS asked (owner, key) "
            "JOIN {schema}.{keys} USING (owner, key)"
        )
        self.events_at = written(
            "SELECT stream, version, topic, state, notification_id, recorded_at "
            "FROM unnest($1::text[], $2::bigint[]) AS asked (stream, version) "
            "JOIN {schema}.{log} ON originator_id = stream::{id_type} AND originator_version = version"
        )
        self.keys_of = written(f"SELECT {_KEY_FIELDS} FROM {{schema}}.{{keys}} WHERE owner = $1 AND key = ANY($2)")
        self.place = f"SELECT {PLACE}".encode()
        self.begin_incarnation = written(_BEGIN_INCARNATION)
        self.size = written("SELECT size FROM {schema}.{head}")
