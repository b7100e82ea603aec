"""The log's tables, made once: to make them again would stop everybody who appends."""

from hashlib import sha256

from services.store.database import Database
from services.store.writing.recorder import LedgerRecorder

_LAID_OUT = "SELECT obj_description(to_regclass(%s), 'pg_class') = %s"


def lay_out(database: Database, recorder: LedgerRecorder, head: str) -> None:
    """Make the tables of a recorder, unless the remark at the table `head` says that just these were made.

    `ALTER TABLE` and `CREATE INDEX` lock a table even where they find nothing to do, and in another order than saves.
    """
    statements = [statement.as_string() for statement in recorder.sql_create_statements]
    made = sha256("\n".join(statements).encode()).hexdigest()
    with database.connection() as connection:
        if connection.execute(_LAID_OUT, (head, made)).fetchone() == (True,):
            return
        recorder.create_table()
        connection.execute(f"COMMENT ON TABLE {head} IS '{made}'".encode())
