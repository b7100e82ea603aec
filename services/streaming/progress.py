"""How far a topic has been filled, as every process can see it."""

from services.store.database import Database

_SETUP = "CREATE TABLE IF NOT EXISTS zeren.relay (topic text PRIMARY KEY, position bigint NOT NULL, incarnation uuid)"
_ADD = "ALTER TABLE zeren.relay ADD COLUMN incarnation uuid"
_LACKING = (
    "SELECT NOT EXISTS (SELECT FROM pg_attribute WHERE attrelid = 'zeren.relay'::regclass AND attname = 'incarnation')"
)
_SETUP_LOCK = 0x5A45_5245_4E03


def lay_out(database: Database) -> None:
    """Make the table of positions, unless it is there: who may not make it may not even ask for it then."""
    with database.connection() as connection, connection.transaction():
        connection.execute("SELECT pg_advisory_xact_lock(%s)", (_SETUP_LOCK,))
        if connection.execute("SELECT to_regclass('zeren.relay') IS NULL").fetchone() == (True,):
            connection.execute(_SETUP)
        if connection.execute(_LACKING).fetchone() == (True,):
            connection.execute(_ADD)


class Progress:
    """How far the topic has been filled, as every process can see it."""

    def __init__(self, database: Database, topic: str) -> None:
        self.database = database
        self.topic = topic
        lay_out(database)

    @property
    def position(self) -> int:
        """The last position up to which Kafka has acknowledged every event; 0 where it has none."""
        rows = self.database.rows("SELECT position FROM zeren.relay WHERE topic = %(topic)s", {"topic": self.topic})
        return int(rows[0]["position"]) if rows else 0

    @property
    def failure(self) -> None:
        """Only the process that relays knows whether it fails."""
        return
