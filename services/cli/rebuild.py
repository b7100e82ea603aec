"""`zeren rebuild`: makes views anew from the log, beside those in use."""

from functools import partial
from typing import Annotated

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeRemainingColumn

from services.cli.options import Data, open_ledger
from services.projector.rebuild import rebuild as rebuild_view
from services.settings import DEFAULT_DATA


def rebuild(
    views: Annotated[list[str] | None, typer.Argument(help="The views to rebuild; all of them by default.")] = None,
    data: Data = DEFAULT_DATA,
) -> None:
    """Make views anew from the whole log; the old rows answer until the switch."""
    with open_ledger(data) as zeren:
        known = {projection.name: projection for projection in zeren.projections}
        unknown = set(views or ()) - known.keys()
        if unknown:
            raise typer.BadParameter(f"no such view: {', '.join(sorted(unknown))}; there are {', '.join(known)}")
        with Progress(
            TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn()
        ) as bars:
            for name in views or known:
                bar = bars.add_task(name, total=zeren.ledger.size())
                position = rebuild_view(zeren.ledger, known[name], partial(_show, bars, bar))
                bars.console.print(f"{name}: rebuilt up to position {position}")


def _show(bars: Progress, bar: TaskID, done: int, size: int) -> None:
    bars.update(bar, completed=done, total=size)
