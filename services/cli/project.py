"""`zeren project`: keeps the views up to date and watches due times in a process of its own."""

import signal
import threading
from collections.abc import Sequence
from typing import Annotated

import typer

from projections.registry import PROJECTIONS
from services.cli.options import Data, open_ledger
from services.settings import DEFAULT_DATA

_KNOWN = tuple(projection.name for projection in PROJECTIONS)


def project(
    data: Data = DEFAULT_DATA,
    only: Annotated[
        list[str] | None, typer.Option(help="A view to keep up to date here; all of them by default. May be repeated.")
    ] = None,
    watch: Annotated[bool, typer.Option(help="Record what falls due.")] = True,
) -> None:
    """Keep the views up to date, and record what falls due, until SIGTERM.

    Of several such processes one is active per view; the others stand by, and take over when it ends.
    """
    require_views(only or ())
    stopped = threading.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda _number, _frame: stopped.set())
    with open_ledger(data, projecting=True, only=only or (), watching=watch):
        stopped.wait()


def require_views(names: Sequence[str]) -> None:
    """End the process where a name is not that of a view."""
    unknown = sorted(set(names) - set(_KNOWN))
    if unknown:
        raise typer.BadParameter(f"no such view: {', '.join(unknown)}; there are {', '.join(_KNOWN)}")
