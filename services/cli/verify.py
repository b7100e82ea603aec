"""`zeren verify`: reads every event again and checks that the log is whole and unchanged."""

from functools import partial

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeRemainingColumn

from services.cli.options import Data, open_ledger
from services.settings import DEFAULT_DATA
from services.store.reading.gap_check import HoleInLogError
from services.store.reading.verifying import verify as verify_log


def verify(data: Data = DEFAULT_DATA) -> None:
    """Hash every event of the log again; the root is the same for as long as nothing recorded was changed."""
    with (
        open_ledger(data) as zeren,
        Progress(TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn()) as bars,
    ):
        bar = bars.add_task("events")
        try:
            verdict = verify_log(zeren.database, partial(_show, bars, bar))
        except HoleInLogError as error:
            Console(stderr=True).print(f"the log is not whole: {error}")
            raise typer.Exit(1) from error
    if not verdict.holds:
        Console(stderr=True).print(
            f"the log was changed: its {verdict.claimed.size} events hash to {verdict.stored.root.hex()}, "
            f"its head says {verdict.claimed.root.hex()}",
            soft_wrap=True,
        )
        raise typer.Exit(1)
    Console().print(f"{verdict.claimed.size} events, none changed; root {verdict.claimed.root.hex()}", soft_wrap=True)


def _show(bars: Progress, bar: TaskID, done: int, size: int) -> None:
    bars.update(bar, completed=done, total=size)
