"""`zeren relay`: sends every event to Kafka in a process of its own."""

import typer

from services.cli.options import Data
from services.settings import DEFAULT_DATA, Settings, SettingsError
from services.streaming.process import relay_until_stopped


def relay(data: Data = DEFAULT_DATA) -> None:
    """Send every event to Kafka, in order, until SIGTERM; several such processes take turns."""
    try:
        relay_until_stopped(Settings.from_environment(), data)
    except SettingsError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(2) from error
