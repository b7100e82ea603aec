"""`zeren replay-parked`: lets views try again the streams that they could not take."""

import typer

from services.cli.options import Data, open_ledger
from services.projector.runner import replay_parked as replay
from services.settings import DEFAULT_DATA


def replay_parked(data: Data = DEFAULT_DATA) -> None:
    """Let every view take its parked streams again; exit code 1 where some are still parked."""
    with open_ledger(data) as zeren:
        still = replay(zeren.ledger, zeren.projections)
    for name, count in still.items():
        typer.echo(f"{name}: {count} still parked", err=True)
    if still:
        raise typer.Exit(1)
    typer.echo("Nothing is parked.")
