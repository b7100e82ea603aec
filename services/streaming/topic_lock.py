"""The lock on a topic: of several relays one fills it at a time."""

import psycopg
from psycopg import Connection
from psycopg.rows import TupleRow

_LOCKS = 0x5A45_5245
"""The class of the advisory locks, one per topic."""

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

    def position(self) -> int:
        """The stored position; 0 where there is none."""
        row = self._session.execute(
            "SELECT position FROM zeren.relay WHERE topic = %s", (self.topic,), prepare=True
        ).fetchone()
        return int(row[0]) if row else 0

    def store(self, position: int) -> None:
        """Store a position."""
        self._session.execute(
            "INSERT INTO zeren.relay (topic, position) VALUES (%s, %s) "
            "ON CONFLICT (topic) DO UPDATE SET position = excluded.position",
            (self.topic, position),
            prepare=True,
        )

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
