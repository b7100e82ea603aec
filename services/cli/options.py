"""The options that several commands take."""

from pathlib import Path
from typing import Annotated

import typer

from services.application import Zeren, database_url
from services.settings import DEFAULT_DATA, Settings

Data = Annotated[
    Path,
    typer.Option(
        help="Where the embedded PostgreSQL keeps its files; unused with ZEREN_DATABASE_URL.", file_okay=False
    ),
]
Host = Annotated[str, typer.Option(help="The address to listen on.")]
Port = Annotated[int, typer.Option(help="The port to listen on; 0 for any free one.", min=0, max=65_535)]


def open_ledger(data: Path = DEFAULT_DATA, *, projecting: bool = False, watching: bool = False) -> Zeren:
    """Open the ledger that the environment and `data` name."""
    return Zeren(database_url(Settings.from_environment(), data), projecting=projecting, watching=watching)
