"""`zeren setup`: makes the ledger and its views, or brings them up to date, as the owner of the database."""

from typing import Annotated

import typer
from psycopg.errors import UndefinedObject

from services.cli.options import Data, open_ledger
from services.projector.checkpoints import unfinished
from services.projector.rebuild import rebuild_together
from services.projector.rights import let_serve
from services.settings import DEFAULT_DATA
from services.streaming.progress import lay_out


def setup(
    role: Annotated[
        str | None, typer.Option(help="The role that serves the ledger; it then needs no right to create anything.")
    ] = None,
    data: Data = DEFAULT_DATA,
) -> None:
    """Make the ledger and its views, or bring them up to date; give the role that serves them what it needs."""
    with open_ledger(data) as zeren:
        lay_out(zeren.database)
        with zeren.database.connection() as connection:
            bare = unfinished(connection, zeren.projections)
        # Over a long log a new view has no indexes yet, and the role that takes it forward could not make them.
        rebuild_together(zeren.ledger, bare, parking=True)
        if role is not None:
            with zeren.database.connection() as connection:
                try:
                    let_serve(connection, role, zeren.projections)
                except UndefinedObject as error:
                    raise typer.BadParameter(f"there is no role {role}", param_hint="--role") from error
    typer.echo(f"The ledger is set up{f'; {role} may serve it' if role else ''}.")
