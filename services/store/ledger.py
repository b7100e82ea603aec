"""The ledger: the event-sourced application over the log."""

from collections.abc import Iterable, Sequence
from typing import Any, cast

from eventsourcing.application import Application, Cache, LRUCache
from eventsourcing.persistence import InfrastructureFactory, Mapper
from eventsourcing.postgres import PostgresFactory
from eventsourcing.utils import Environment, strtobool
from psycopg.rows import dict_row

from aggregates.decider import State, evolve, initial
from events.recorded import Recorded
from events.vocabulary.identifiers import StreamId
from services.store.database import RECONNECT, Database
from services.store.identity.keeping import notice
from services.store.identity.known import Identity
from services.store.layout import lay_out
from services.store.mapper import EventMapper
from services.store.reading.gap_check import require_dense
from services.store.reading.lazy_event import LazyEvent
from services.store.reading.log_reader import LogReader
from services.store.reading.verifying import plant_tree
from services.store.states.snapshots import CREATE as CREATE_SNAPSHOTS
from services.store.states.snapshots import Snapshots
from services.store.writing.group_commit import WRITER_OPTIONS, GroupCommit
from services.store.writing.memory import Memory
from services.store.writing.recorder import Answer, Clock, LedgerRecorder

SCHEMA = "zeren"
LOG = "log"
_START_LOCK = 0x5A45_5245_4E01
_REMEMBERED = 10_000
"""States that are cached."""

_READ_STREAMS = (
    "SELECT log.* FROM unnest(%(streams)s::text[], %(after)s::bigint[]) AS asked (stream, version), "
    # Sorted inside, so that no statistics, or the lack of them, lead to reading the whole log.
    "LATERAL (SELECT notification_id, originator_id, originator_version, topic, state, recorded_at FROM zeren.log "
    "WHERE originator_id = asked.stream AND originator_version > asked.version ORDER BY originator_version) AS log "
    "ORDER BY log.originator_id, log.originator_version"
)
_NO_SCHEMA = "SELECT to_regnamespace('zeren') IS NULL"
_NO_SNAPSHOTS = "SELECT to_regclass('zeren.snapshot') IS NULL OR to_regclass('zeren.snapshot_lines') IS NULL"
_BEGUN = "SELECT originator_id FROM zeren.log WHERE originator_id = ANY(%(streams)s) AND originator_version = 1"


class SkippingReadersError(Exception):
    """`POSTGRES_ENABLE_DB_FUNCTIONS` lets readers skip events silently, so it is refused."""


class Ledger(Application[str]):
    """Streams of events by id, and the log of all of them by position.

    `clock` replaces the database's clock for recorded times; only the sample company uses it.

    Raises:
        SkippingReadersError: the library is set to a mode that loses events for readers.
    """

    name = "zeren"

    def __init__(self, database: Database, clock: Clock = lambda: None) -> None:
        self.database = database
        self.clock = clock
        self.reader = LogReader(database)
        self.kept_states = Snapshots(database, self._written)
        with database.connection() as connection:
            connection.execute("SELECT pg_advisory_lock(%s)", (_START_LOCK,))
            try:
                # Who may not create may not even ask for what is there already.
                if connection.execute(_NO_SCHEMA).fetchone() == (True,):
                    connection.execute(f"CREATE SCHEMA IF NOT EXISTS {SCHEMA}")
                if connection.execute(_NO_SNAPSHOTS).fetchone() == (True,):
                    connection.execute(CREATE_SNAPSHOTS)
                super().__init__(
                    env={
                        "PERSISTENCE_MODULE": "eventsourcing.postgres",
                        "POSTGRES_DBNAME": "given by URL",
                        "POSTGRES_HOST": "given by URL",
                        "POSTGRES_USER": "given by URL",
                        "POSTGRES_PASSWORD": "given by URL",
                        "POSTGRES_SCHEMA": SCHEMA,
                        "POSTGRES_POOL_SIZE": "1",
                        "POSTGRES_MAX_OVERFLOW": "15",
                        "POSTGRES_CONNECT_TIMEOUT": "3",
                        "POSTGRES_IDLE_IN_TRANSACTION_SESSION_TIMEOUT": "10",
                        "ORIGINATOR_ID_TYPE": "text",
                        "AGGREGATE_CACHE_MAXSIZE": str(_REMEMBERED),
                    }
                )
            finally:
                connection.execute("SELECT pg_advisory_unlock(%s)", (_START_LOCK,))

    def construct_env(self, name: str, env: Any = None) -> Environment:
        """The library's settings; those of the process may not switch on what loses events."""
        settings = super().construct_env(name, env)
        if strtobool(settings.get("POSTGRES_ENABLE_DB_FUNCTIONS") or "no"):
            raise SkippingReadersError("POSTGRES_ENABLE_DB_FUNCTIONS must be off: readers would skip events")
        return settings

    def construct_factory(self, env: Environment) -> InfrastructureFactory[Any]:
        """The library's factory, with its pool pointed at our URL."""
        factory = PostgresFactory(env)
        factory.datastore.pool.conninfo = self.database.url
        factory.datastore.pool.kwargs = {
            "row_factory": dict_row,
            "application_name": "zeren-log",
            "options": WRITER_OPTIONS,
        }
        # Whoever asks for a connection begins anew to look for a server that is away.
        factory.datastore.pool.reconnect_timeout = RECONNECT
        return factory

    def construct_mapper(self) -> Mapper[str]:
        """Our mapper, with the closed catalogue."""
        return EventMapper()

    def construct_recorder(self) -> LedgerRecorder:
        """Our recorder, with its tables."""
        datastore = cast("PostgresFactory", self.factory).datastore
        recorder = LedgerRecorder(datastore, events_table_name=LOG, clock=self.clock)
        lay_out(self.database, recorder, f"{SCHEMA}.{LOG}_head")
        plant_tree(self.database)
        self.identity = Identity(self.database, notice(self.database))
        recorder.memory = self._memory()
        return recorder

    @property
    def _cache(self) -> Cache[str, State]:
        return cast("Cache[str, State]", self.repository.cache)

    @property
    def log_recorder(self) -> LedgerRecorder:
        """The recorder, to append to."""
        return cast("LedgerRecorder", self.recorder)

    def group_commit(self) -> GroupCommit:
        """A writer for the tasks of one event loop, to be entered there; it and the recorder's threads may meet."""
        statements = self.log_recorder.statements
        return GroupCommit(self.database.url, statements, clock=self.clock, memory=self._memory())

    def _memory(self) -> Memory:
        return Memory(parted=self._parted, place=self.identity.lineage.present.place)

    def _parted(self) -> None:
        """Forget the states: they may know of what the log has lost."""
        self.repository.cache = LRUCache(_REMEMBERED)

    def state(self, stream: StreamId) -> State:
        """The state of a stream as it is in the store right now."""
        return self.states([stream])[stream]

    def states(self, streams: Iterable[StreamId]) -> dict[StreamId, State]:
        """The states of many streams as they are in the store right now, read in one go.

        Raises:
            HoleInLogError: a version is missing.
        """
        remembered = {stream: self.remembered(stream) for stream in streams}
        unknown = [stream for stream, state in remembered.items() if state is None]
        kept = {state.stream: state for state in self.kept_states.load(unknown)}
        states = {stream: state or kept.get(stream) or initial(stream) for stream, state in remembered.items()}
        asked = {"streams": list(states), "after": [state.version for state in states.values()]}
        for row in self.database.rows(_READ_STREAMS, asked, binary=True):
            stream, version = StreamId(row["originator_id"]), row["originator_version"]
            require_dense(states[stream].version, [version])
            # Only what a state remembers is decoded: the event, never its context.
            read = LazyEvent(row["notification_id"], stream, version, row["topic"], row["state"], row["recorded_at"])
            states[stream] = evolve(states[stream], read.event)
        for state in states.values():
            if state.version:
                self.remember(state)
        return states

    def begun(self, streams: Iterable[StreamId]) -> set[StreamId]:
        """Those of the streams that have an event."""
        rows = self.database.rows(_BEGUN, {"streams": list(streams)})
        return {StreamId(row["originator_id"]) for row in rows}

    def remembered(self, stream: StreamId) -> State | None:
        """The cached state of a stream, which may be behind the store; none where there is none."""
        try:
            return self._cache.get(stream)
        except KeyError:
            return None

    def remember(self, state: State) -> None:
        """Cache a state."""
        self._cache.put(state.stream, state)
        self.kept_states.offer(state)

    def _written(self, state: State, read_again: State) -> None:
        """Let a cached state lie as bytes: it takes less room, and its next snapshot less work."""
        if self.remembered(state.stream) is state:
            self._cache.put(state.stream, read_again)

    def close(self) -> None:
        """Write no more snapshots, and give the connections back."""
        self.kept_states.close()
        super().close()

    def read(self, after: int, limit: int) -> list[Recorded]:
        """Up to `limit` events with positions `after + 1`, `after + 2`, ….

        Raises:
            HoleInLogError: a position is missing.
        """
        return self.reader.read(after, limit)

    def read_stream(self, stream: StreamId, after: int = 0, limit: int = 1_000_000) -> list[Recorded]:
        """Up to `limit` events of one stream with versions `after + 1`, `after + 2`, ….

        Raises:
            HoleInLogError: a version is missing.
        """
        return self.reader.read_stream(stream, after, limit)

    def size(self) -> int:
        """The last position of the log; 0 where it is empty."""
        return self.log_recorder.size()

    def answers(self, owner: str, keys: Sequence[str]) -> dict[str, Answer]:
        """What was recorded under idempotency keys of one owner, by key."""
        return self.log_recorder.answers(owner, keys)
