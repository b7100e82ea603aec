"""The log's tables and the statements that append to it."""

from psycopg.sql import SQL, Composed, Identifier

_TABLES = (
    (
        "CREATE TABLE IF NOT EXISTS {schema}.{log} ("
        "originator_id {id_type} NOT NULL, originator_version bigint NOT NULL, topic text NOT NULL, "
        "state bytea NOT NULL, notification_id bigint NOT NULL, "
        "recorded_at timestamptz NOT NULL, "
        "PRIMARY KEY (originator_id, originator_version))"
    ),
    "CREATE UNIQUE INDEX IF NOT EXISTS {position_index} ON {schema}.{log} (notification_id)",
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

# The last version of a stream by one step into the primary key, however long the stream.
_LAST = (
    "(SELECT originator_version FROM {schema}.{log} WHERE originator_id = asked.stream::{id_type} "
    "ORDER BY originator_version DESC LIMIT 1)"
)
# Taking the head row is one with checking that every stream stands where its save expects it. The check reads the
# statement's snapshot, which may be older than the lock: what it misses is caught by the primary key, and what it
# refuses is decided again under the lock.
_APPEND = (
    "WITH head AS (UPDATE {schema}.{head} SET size = size + %s, "
    "recorded_at = greatest(recorded_at, coalesce(%s, clock_timestamp())) "
    f"WHERE NOT EXISTS (SELECT FROM unnest(%s, %s) AS asked (stream, version) WHERE version <> coalesce({_LAST}, 0)) "
    "RETURNING size, recorded_at), "
    "events AS (INSERT INTO {schema}.{log} "
    "(originator_id, originator_version, topic, state, notification_id, recorded_at) "
    "SELECT stream::{id_type}, version, topic, state, head.size - %s + place, head.recorded_at "
    "FROM head, unnest(%s, %s, %s, %s) WITH ORDINALITY AS event (stream, version, topic, state, place)) "
)
_KEYS = (
    ", keys AS (INSERT INTO {schema}.{keys} "
    "(owner, key, fingerprint, stream, first_version, last_version, position) "
    "SELECT owner, key, fingerprint, stream, first, last, head.size - place FROM head, "
    "unnest(%s, %s, %s, %s, %s, %s, %s) AS keyed (owner, key, fingerprint, stream, first, last, place)) "
)
_KEY_FIELDS = "key, fingerprint, stream, first_version, last_version, position"


class Statements:
    """The SQL of one log: `log`, `log_head` and `log_keys` in a schema."""

    def __init__(self, schema: str, log: str, id_type: str) -> None:
        names = {
            "schema": Identifier(schema),
            "log": Identifier(log),
            "head": Identifier(f"{log}_head"),
            "keys": Identifier(f"{log}_keys"),
            "guard": Identifier(f"{log}_is_append_only"),
            "position_index": Identifier(f"{log}_notification_id_idx"),
            "time_index": Identifier(f"{log}_recorded_at_idx"),
            "id_type": Identifier(id_type),
        }

        def written(statement: str) -> bytes:
            return SQL(statement).format(**names).as_bytes()

        self.create: list[Composed] = [SQL(statement).format(**names) for statement in _TABLES]
        self.append = written(f"{_APPEND} SELECT size, recorded_at FROM head")
        self.append_keyed = written(f"{_APPEND}{_KEYS} SELECT size, recorded_at FROM head")
        self.lock_head = written(
            "SELECT size, greatest(recorded_at, 'epoch') AS recorded_at FROM {schema}.{head} FOR UPDATE"
        )
        self.last_versions = written(f"SELECT stream, {_LAST} AS version FROM unnest(%s) AS asked (stream)")
        self.keys_taken = written(
            f"SELECT owner, {_KEY_FIELDS} FROM unnest(%s, %s) AS asked (owner, key) "
            "JOIN {schema}.{keys} USING (owner, key)"
        )
        self.events_at = written(
            "SELECT stream, version, topic, state, notification_id, recorded_at "
            "FROM unnest(%s, %s) AS asked (stream, version) "
            "JOIN {schema}.{log} ON originator_id = stream::{id_type} AND originator_version = version"
        )
        self.keys_of = written(f"SELECT {_KEY_FIELDS} FROM {{schema}}.{{keys}} WHERE owner = %s AND key = ANY(%s)")
        self.size = written("SELECT size FROM {schema}.{head}")
