"""A process that does nothing but relay."""

import signal
import threading
from pathlib import Path

from services.application import database_url
from services.settings import DEFAULT_DATA, Settings, SettingsError
from services.store.database import Database
from services.store.ledger import Ledger
from services.store.reading.notices import LOG, Notices
from services.streaming.relay import Relay


def relay_until_stopped(settings: Settings, data: Path = DEFAULT_DATA) -> None:
    """Relay until SIGTERM or SIGINT.

    Raises:
        SettingsError: no Kafka is set up.
    """
    if settings.kafka_bootstrap_servers is None:
        raise SettingsError("ZEREN_KAFKA_BOOTSTRAP_SERVERS is not set: there is no Kafka to relay to")
    stopped = threading.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda _number, _frame: stopped.set())
    with Database(database_url(settings, data), direct_url=settings.direct_url) as database:
        ledger = Ledger(database)
        relay = Relay(ledger, settings.kafka_bootstrap_servers, settings.kafka_topic)
        relay.start()
        notices = Notices(database.url, {LOG: [relay.wake]}) if settings.notify else None
        stopped.wait()
        if notices:
            notices.stop()
        relay.stop()
        ledger.close()
