"""The lock on a topic: of several relays one fills it at a time."""

from uuid import UUID

import psycopg
from psycopg import Connection
from psycopg.rows import TupleRow

_LOCKS = 0x5A45_5245
"""The class of the advisory locks, one per topic."""

_LOG = b"SELECT size, (SELECT max(number) FROM zeren.log_incarnation) FROM zeren.log_head"
_OPTIONS = (
    "-c timezone=UTC -c tcp_keepalives_idle=10 -c tcp_keepalives_interval=5 -c tcp_keepalives_count=3 "
    "-c synchronous_commit=off"
)
"""The server lets go of a holder whose machine has vanished after 25 seconds.

A position need not be on disk: one that a crash of the server takes back only lets some events come twice.
"""


class TopicLock:
    """The right to fill a topic, held by one database session at a time and free as soon as that session ends.

    Positions are read and stored through that very session: who has lost the right cannot move them.
    """

    def __init__(self, url: str, topic: str) -> None:
        self.topic = topic
        self.held = False
        self._url = url
        self._connection: Connection[TupleRow] | None = None

    def take(self) -> bool:
        """Try to get the right, or see that it is still there.

        Raises:
            psycopg.Error: the database is away, or the session has ended.
        """
        if self._connection is None:
            self._connection = psycopg.connect(
                self._url,
                autocommit=True,
                application_name="zeren-relay",
                connect_timeout=5,
                options=_OPTIONS,
                keepalives_idle=10,
                keepalives_interval=5,
                keepalives_count=3,
            )
        if not self.held:
            row = self._connection.execute(
                "SELECT pg_try_advisory_lock(%s, hashtext(%s))", (_LOCKS, self.topic)
            ).fetchone()
            self.held = row is not None and bool(row[0])
        return self.held

    def position(self) -> tuple[int, UUID | None]:
        """The stored position, 0 where there is none, and the incarnation of the log that it was stored in."""
        row = self._session.execute(
            "SELECT position, incarnation FROM zeren.relay WHERE topic = %s", (self.topic,), prepare=True
        ).fetchone()
        return (row[0], row[1]) if row else (0, None)

    def store(self, position: int, incarnation: UUID) -> None:
        """Store a position."""
        self._session.execute(
            "INSERT INTO zeren.relay (topic, position, incarnation) VALUES (%s, %s, %s) "
            "ON CONFLICT (topic) DO UPDATE SET position = excluded.position, incarnation = excluded.incarnation",
            (self.topic, position, incarnation),
            prepare=True,
        )

    def log(self) -> tuple[int, int]:
        """The end of the log and the number of its incarnation, as the server says that the right is held on.

        Raises:
            psycopg.Error: the session has ended: another server may answer by now.
        """
        row = self._session.execute(_LOG, prepare=True).fetchone()
        if row is None:
            raise LookupError("the log has lost its head row")
        return row[0], row[1]

    def release(self) -> None:
        """Let another one have it."""
        connection, self._connection, self.held = self._connection, None, False
        if connection is not None:
            connection.close()

    @property
    def _session(self) -> Connection[TupleRow]:
        if self._connection is None or not self.held:
            raise RuntimeError(f"we do not hold the lock on {self.topic}")
        return self._connection
