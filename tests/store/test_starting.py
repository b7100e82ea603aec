"""A process that starts does not stop those that append."""

import psycopg

from services.store.database import Database
from services.store.ledger import Ledger
from services.store.writing.saves import Appended
from soak.facts import new_stream, save


def test_a_log_is_opened_while_somebody_is_in_the_middle_of_a_save(database_url: str) -> None:
    with Database(database_url) as database, Ledger(database) as first:
        assert isinstance(first.log_recorder.append([save(new_stream(), 1)])[0], Appended)
    with psycopg.connect(database_url) as saving:
        name = saving.info.dbname
        # Who has to wait for this save would have to wait for ever.
        saving.execute(f"ALTER DATABASE {name} SET lock_timeout = '60s'".encode())
        saving.commit()
        saving.execute("SELECT size FROM zeren.log_head FOR UPDATE")
        saving.execute("LOCK TABLE zeren.log, zeren.log_head, zeren.log_keys IN ROW EXCLUSIVE MODE")
        with Database(database_url) as database, Ledger(database) as second:
            assert second.size() == 1
