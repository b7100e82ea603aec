"""Ends a command well: in one sentence where the database cannot be used, and as by itself where it is told to."""

import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps

import typer
from psycopg.conninfo import conninfo_to_dict

from services.store.refusals import REFUSED, sentence
from services.store.unusable import NoDatabaseError, UnsafeDatabaseError

UNUSABLE = 2
"""The exit code."""


def refusing(command: Callable[..., None]) -> Callable[..., None]:
    """A command that says why the database cannot be used, and what to do, instead of showing where it was noticed.

    SIGTERM ends it as an exit does, so that an embedded server that nobody else uses ends with it.
    """

    @wraps(command)
    def said(*arguments: object, **options: object) -> None:
        try:
            with _leaving_when_told():
                command(*arguments, **options)
        except (NoDatabaseError, UnsafeDatabaseError) as error:
            typer.echo(str(error), err=True)
            raise typer.Exit(UNUSABLE) from error
        except REFUSED as error:
            known = sentence(error, _role())
            if known is None:
                raise
            typer.echo(known, err=True)
            raise typer.Exit(UNUSABLE) from error

    return said


def _role() -> str:
    """Who we are to the server, as far as that was given."""
    url = os.environ.get("ZEREN_DIRECT_URL") or os.environ.get("ZEREN_DATABASE_URL") or ""
    return str(conninfo_to_dict(url).get("user") or os.environ.get("PGUSER") or "ROLE")


@contextmanager
def _leaving_when_told() -> Iterator[None]:
    before = signal.getsignal(signal.SIGTERM)
    if before is not signal.SIG_DFL or threading.current_thread() is not threading.main_thread():
        yield
        return

    def leave(number: int, _frame: object) -> None:
        sys.exit(128 + number)

    signal.signal(signal.SIGTERM, leave)
    try:
        yield
    finally:
        # What a command has set for itself stays.
        if signal.getsignal(signal.SIGTERM) is leave:
            signal.signal(signal.SIGTERM, before)
