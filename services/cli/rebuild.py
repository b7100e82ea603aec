"""`zeren rebuild`: makes views anew from the log, beside those in use."""

from functools import partial
from typing import Annotated

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeRemainingColumn

from services.cli.options import Data, open_ledger
from services.cli.project import require_views
from services.projector.comparing import MismatchError
from services.projector.workers import rebuild_all
from services.settings import DEFAULT_DATA


def rebuild(
    views: Annotated[list[str] | None, typer.Argument(help="The views to rebuild; all of them by default.")] = None,
    data: Data = DEFAULT_DATA,
    park: Annotated[
        bool, typer.Option("--park", help="Park a stream that a view cannot take, instead of keeping the old view.")
    ] = False,
    processes: Annotated[
        int | None, typer.Option(help="Processes that share the work; one per core by default.", min=1)
    ] = None,
) -> None:
    """Make views anew from the whole log; the old rows answer until the switch."""
    require_views(views or [])
    with (
        open_ledger(data) as zeren,
        Progress(TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn()) as bars,
    ):
        try:
            reached = rebuild_all(
                zeren.database.url, views or (), partial(_show, bars, {}), processes=processes, parking=park
            )
        except MismatchError as error:
            typer.echo(str(error), err=True)
            raise typer.Exit(1) from error
        for name, position in reached.items():
            bars.console.print(f"{name}: rebuilt up to position {position}")


def _show(bars: Progress, known: dict[str, TaskID], names: str, done: int, size: int) -> None:
    if names not in known:
        known[names] = bars.add_task(names, total=size)
    bars.update(known[names], completed=done, total=size)
