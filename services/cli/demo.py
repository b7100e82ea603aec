"""`zeren demo`: the same as `serve`, filled with the sample company."""

import tempfile
from contextlib import ExitStack
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

import typer
from rich.console import Console
from rich.progress import Progress

from services.application import Zeren
from services.cli.options import Host, Port, open_at
from services.cli.options import settings as environment_settings
from services.cli.serve import refuse_open_development, run
from services.review.home import Question
from services.sample import LedgerInUseError, Sample, SimulatedClock, load
from services.store.embedded import embedded

_SHANGHAI = ZoneInfo("Asia/Shanghai")


def demo(
    host: Host = "127.0.0.1",
    port: Port = 8000,
    data: Annotated[
        Path | None, typer.Option(help="Keep the demo in this folder; a temporary one by default.", file_okay=False)
    ] = None,
) -> None:
    """Serve a ledger filled with two years of a sample company, until SIGTERM."""
    settings = replace(environment_settings(), dev_auth=True)
    refuse_open_development(settings, host)
    with (
        tempfile.TemporaryDirectory(prefix="zeren-demo-", ignore_cleanup_errors=True) as temporary,
        ExitStack() as joined,
    ):
        url = settings.database_url or joined.enter_context(embedded(data or Path(temporary)))
        today = datetime.now(_SHANGHAI).date()
        clock = SimulatedClock(today)
        with open_at(url, direct_url=settings.direct_url, projecting=False, clock=clock) as loading:
            sample = _loaded(loading, clock, today)
        offered = [Question(question.en, question.zh, question.ui) for question in sample.questions if question.ui]
        with open_at(url, direct_url=settings.direct_url, watching=True) as zeren:
            run(zeren, settings, host, port, questions=offered, ready=lambda base: _show(sample, base))


def _loaded(zeren: Zeren, clock: SimulatedClock, today: date) -> Sample:
    try:
        return _load(zeren, clock, today)
    except LedgerInUseError as error:
        typer.echo("This ledger holds facts of its own: the sample company needs another folder or database.", err=True)
        raise typer.Exit(2) from error


def _load(zeren: Zeren, clock: SimulatedClock, today: date) -> Sample:
    with Progress(console=Console(stderr=True)) as bars:
        loading = bars.add_task("Loading the sample company", total=None)
        sample = load(zeren, clock, today, progress=lambda done, all_: bars.update(loading, completed=done, total=all_))
        size = zeren.ledger.size()
        viewing = bars.add_task("Building the views", total=size)
        while zeren.runner.advance():
            bars.update(viewing, completed=zeren.views.position())
    return sample


def _show(sample: Sample, base: str) -> None:
    typer.echo("Questions to start with:")
    for question in sample.questions:
        typer.echo(f"\n{question.number}. {question.zh}\n   {question.en}")
        if question.ui:
            typer.echo(f"   page: {base}{question.ui}")
        for path in question.api:
            typer.echo(f"   curl -H 'Authorization: Dev system' '{base}{path}'")
