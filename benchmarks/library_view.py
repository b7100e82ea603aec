"""The eventsourcing library's own way to a view: its runner, its subscription, its tracking, one event at a time."""

import time
from typing import Any

from eventsourcing.application import Application
from eventsourcing.persistence import Mapper, Tracking
from eventsourcing.postgres import PostgresDatastore, PostgresTrackingRecorder
from eventsourcing.projection import Projection, ProjectionRunner
from psycopg.conninfo import conninfo_to_dict
from psycopg.sql import SQL, Identifier

from services.store.database import Database
from services.store.mapper import EventMapper, StreamEvent

_COPY = (
    b"INSERT INTO library_events (originator_id, originator_version, topic, state) "
    b"SELECT originator_id, originator_version, topic, state FROM zeren.log WHERE notification_id <= %s "
    b"ORDER BY notification_id"
)
_PATIENCE = 600


class Library(Application[str]):
    """Our events in the library's own table."""

    name = "library"

    def construct_mapper(self) -> Mapper[str]:
        """Ours, so that decoding costs both the same."""
        return EventMapper()


class Streams(PostgresTrackingRecorder):
    """One row per stream: its last event and how many it has."""

    def __init__(self, datastore: PostgresDatastore, **further: Any) -> None:
        super().__init__(datastore, **further)
        table = Identifier(datastore.schema, "library_streams")
        self.sql_create_statements.append(
            SQL(
                "CREATE TABLE IF NOT EXISTS {} "
                "(stream text PRIMARY KEY, last_event text NOT NULL, events bigint NOT NULL)"
            ).format(table)
        )
        self._upsert = SQL(
            "INSERT INTO {} AS streams VALUES (%s, %s, 1) "
            "ON CONFLICT (stream) DO UPDATE SET last_event = excluded.last_event, events = streams.events + 1"
        ).format(table)

    def count(self, stream: str, name: str, tracking: Tracking) -> None:
        """Count an event, with its place in the log in the same transaction."""
        with self.datastore.transaction(commit=True) as cursor:
            self._insert_tracking(cursor, tracking)
            cursor.execute(self._upsert, (stream, name), prepare=True)


class Counting(Projection[Streams]):
    """Counts every event."""

    name = "counting"

    def process_event(self, domain_event: Any, tracking: Tracking) -> None:
        """One event, one transaction."""
        if not isinstance(domain_event, StreamEvent):
            raise TypeError("only events of ours are in the table")
        self.view.count(domain_event.originator_id, domain_event.event.event_name, tracking)


def library_rate(database: Database, events: int) -> float:
    """Events per second of the library's runner over the first events of the log."""
    at: dict[str, Any] = conninfo_to_dict(database.url)
    environment = {
        "PERSISTENCE_MODULE": "eventsourcing.postgres",
        "POSTGRES_DBNAME": at["dbname"],
        "POSTGRES_HOST": at["host"],
        "POSTGRES_PORT": str(at.get("port", 5432)),
        "POSTGRES_USER": at["user"],
        "POSTGRES_PASSWORD": at.get("password", "none"),
        "POSTGRES_SCHEMA": "public",
        "ORIGINATOR_ID_TYPE": "text",
    }
    with database.connection() as connection:
        connection.execute("DROP TABLE IF EXISTS library_events, library_streams, counting_tracking")
    Library(environment).close()
    with database.connection() as connection:
        connection.execute(_COPY, (events,))
    began = time.perf_counter()
    with ProjectionRunner(
        application_class=Library, projection_class=Counting, view_class=Streams, env=environment
    ) as runner:
        runner.wait(events, timeout=_PATIENCE)
        return events / (time.perf_counter() - began)
