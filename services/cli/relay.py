"""`zeren relay`: sends every event to Kafka in a process of its own."""

import signal
import threading

import typer

from services.application import database_url
from services.cli.options import Data
from services.settings import DEFAULT_DATA, Settings
from services.store.database import Database
from services.store.ledger import Ledger
from services.streaming.relay import Relay


def relay(data: Data = DEFAULT_DATA) -> None:
    """Send every event to Kafka, in order, until SIGTERM; several such processes take turns."""
    settings = Settings.from_environment()
    if settings.kafka_bootstrap_servers is None:
        typer.echo("ZEREN_KAFKA_BOOTSTRAP_SERVERS is not set: there is no Kafka to send to.", err=True)
        raise typer.Exit(2)
    stopped = threading.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda _number, _frame: stopped.set())
    with Database(database_url(settings, data)) as database:
        ledger = Ledger(database)
        relaying = Relay(ledger, settings.kafka_bootstrap_servers, settings.kafka_topic)
        relaying.start()
        typer.echo(f"Relaying to topic {settings.kafka_topic} from position {relaying.position}")
        stopped.wait()
        relaying.stop()
        ledger.close()
