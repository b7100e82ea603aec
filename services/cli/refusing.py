"""Ends a command in one sentence where the database cannot be used."""

from collections.abc import Callable
from functools import wraps

import typer

from services.store.refusals import REFUSED, sentence
from services.store.unusable import NoDatabaseError, UnsafeDatabaseError

UNUSABLE = 2
"""The exit code."""


def refusing(command: Callable[..., None]) -> Callable[..., None]:
    """A command that says why the database cannot be used, and what to do, instead of showing where it was noticed."""

    @wraps(command)
    def said(*arguments: object, **options: object) -> None:
        try:
            command(*arguments, **options)
        except (NoDatabaseError, UnsafeDatabaseError) as error:
            typer.echo(str(error), err=True)
            raise typer.Exit(UNUSABLE) from error
        except REFUSED as error:
            known = sentence(error, "of the URL")
            if known is None:
                raise
            typer.echo(known, err=True)
            raise typer.Exit(UNUSABLE) from error

    return said
