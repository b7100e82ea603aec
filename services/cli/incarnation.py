"""`zeren incarnation`: which log this is, and that it was put back where nothing else can tell."""

from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from services.application import database_url
from services.cli.options import Data, settings
from services.settings import DEFAULT_DATA
from services.store.database import Database
from services.store.identity.keeping import BeyondLogError, begin_new
from services.store.identity.lineage import Lineage, Noticed
from services.store.ledger import Ledger


def new(
    reason: Annotated[str, typer.Option(help="Why, for those who come later: which backup, when, by whom.")],
    since: Annotated[
        int | None,
        typer.Option(
            help="The last position that is still what it was; the end of the log by default, which is right as long "
            "as nothing was recorded since it was put back.",
            min=0,
        ),
    ] = None,
    data: Data = DEFAULT_DATA,
) -> None:
    """Begin a new incarnation of the log after a restore that nothing tells of, such as that of a volume."""
    found = settings()
    with Database(database_url(found, data), direct_url=found.direct_url) as database, Ledger(database):
        try:
            lineage = begin_new(database, Noticed.SAID, reason, since)
        except BeyondLogError as error:
            raise typer.BadParameter(str(error), param_hint="--since") from error
    present = lineage.present
    typer.echo(
        f"The log {lineage.id} is now in incarnation {present.number}, {present.id}, since position {present.since}. "
        "Whoever has read further is told to read again from there. Start every process again."
    )


def show(data: Data = DEFAULT_DATA) -> None:
    """Show all incarnations of the log: since which position, when and by what they were noticed, and why."""
    found = settings()
    with Database(database_url(found, data), direct_url=found.direct_url) as database, Ledger(database) as ledger:
        lineage = ledger.identity.lineage
    Console().print(_table(lineage))


def _table(lineage: Lineage) -> Table:
    table = Table("", "incarnation", "since position", "noticed", "by", "why", title=f"The log {lineage.id}")
    for one in lineage.incarnations:
        at = one.noticed_at.isoformat(sep=" ", timespec="seconds")
        table.add_row(str(one.number), str(one.id), str(one.since), at, one.noticed, one.reason)
    return table
