"""The options that several commands take."""

from collections.abc import Callable, Collection
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from services.application import Zeren, database_url
from services.settings import DEFAULT_DATA, Settings, SettingsError

Data = Annotated[
    Path,
    typer.Option(
        help="Where the embedded PostgreSQL keeps its files; unused with ZEREN_DATABASE_URL.", file_okay=False
    ),
]
Host = Annotated[str, typer.Option(help="The address to listen on.")]
Port = Annotated[int, typer.Option(help="The port to listen on; 0 for any free one.", min=0, max=65_535)]


def settings() -> Settings:
    """The settings of the environment; an unusable one ends the process."""
    try:
        return Settings.from_environment()
    except SettingsError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(2) from error


def open_ledger(
    data: Path = DEFAULT_DATA,
    *,
    projecting: bool = False,
    only: Collection[str] = (),
    watching: bool = False,
    answering: bool = False,
) -> Zeren:
    """Open the ledger that the environment and `data` name; `answering` from a replica, where there is one."""
    found = settings()
    return open_at(
        database_url(found, data),
        direct_url=found.direct_url,
        projecting=projecting,
        only=only,
        watching=watching,
        read_url=found.read_url if answering else None,
        notify=found.notify,
    )


def open_at(
    url: str,
    *,
    direct_url: str | None = None,
    projecting: bool = True,
    only: Collection[str] = (),
    watching: bool = False,
    read_url: str | None = None,
    notify: bool = True,
    clock: Callable[[], datetime | None] = lambda: None,
) -> Zeren:
    """Open the ledger at a URL.

    Raises:
        NoDatabaseError, UnsafeDatabaseError: the database cannot be used.
    """
    return Zeren(
        url,
        direct_url=direct_url,
        projecting=projecting,
        only=only,
        watching=watching,
        read_url=read_url,
        notify=notify,
        clock=clock,
    )
