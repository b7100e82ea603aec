"""`zeren ask`: who was responsible, on the command line."""

import re
from datetime import datetime
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from services.cli.options import Data, open_ledger
from services.questions import responsibility
from services.questions.names import Names
from services.questions.responsibility import WhoAnswer
from services.questions.views import Moment
from services.settings import DEFAULT_DATA

_SUBJECT = re.compile(r"(customer|project|commitment|complaint):[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def _instant(value: str) -> datetime:
    try:
        parsed = datetime.fromisoformat(value)
    except ValueError as error:
        raise typer.BadParameter("an instant looks like 2025-03-10T12:00:00+08:00") from error
    if parsed.tzinfo is None:
        raise typer.BadParameter("an instant needs its offset, for example +08:00")
    return parsed


def ask(
    about: Annotated[
        str, typer.Argument(help="A customer's name, or customer:ID, project:ID, commitment:ID, complaint:ID")
    ],
    role: Annotated[str | None, typer.Option(help="Code of the role; every role where absent.")] = None,
    effective_at: Annotated[
        datetime | None, typer.Option(parser=_instant, help="The instant asked about; now by default.")
    ] = None,
    known_at: Annotated[
        datetime | None, typer.Option(parser=_instant, help="As known at this instant; now by default.")
    ] = None,
    data: Data = DEFAULT_DATA,
) -> None:
    """Who was responsible for ABOUT, how do we know it, and did we know it then?"""
    console = Console()
    with open_ledger(data) as zeren:
        zeren.runner.catch_up()
        moment = zeren.views.moment(*responsibility.VIEWS, effective_at=effective_at, known_at=known_at)
        names = Names(zeren.views)
        subject = _subject(about, names)
        then = responsibility.who(zeren.views, subject, role, moment)
        _show(console, then, names, f"as known at position {moment.known_position}")
        if moment.known_position == moment.position:
            return
        present = Moment(moment.effective_at, moment.position, moment.position)
        now = responsibility.who(zeren.views, subject, role, present)
        if now.holders == then.holders:
            console.print("As known now: the same.")
            return
        _show(console, now, names, f"as known now, at position {moment.position}")
        for change in responsibility.explained(
            zeren.views, subject, role, moment.effective_at, moment.known_position, moment.position
        ):
            console.print(
                f"Changed by {change.name} (event {change.id}, position {change.position}), recorded "
                f"{change.recorded_at.isoformat()} by {names.actor(change.actor)}: {change.reason or 'no reason given'}"
            )


def _subject(about: str, names: Names) -> str:
    if _SUBJECT.fullmatch(about):
        return about
    found = names.customers_like(about)
    if len(found) == 1:
        return f"customer:{next(iter(found))}"
    if found:
        raise typer.BadParameter(f"several customers are called so: {', '.join(found.values())}", param_hint="ABOUT")
    raise typer.BadParameter("no customer is called so, and it is no customer:ID either", param_hint="ABOUT")


def _show(console: Console, answer: WhoAnswer, names: Names, title: str) -> None:
    console.print(_table(answer, names, title))
    for holder in answer.holders:
        for event in holder.events:
            console.print(f"{names.person(holder.person)} is proved by event {event}", soft_wrap=True)


def _table(answer: WhoAnswer, names: Names, title: str) -> Table:
    zone = answer.effective_at.tzinfo
    table = Table(title=f"{answer.subject} at {answer.effective_at.isoformat()}, {title}")
    for column in ("role", "holder", "kind", "since", "until"):
        table.add_column(column, overflow="fold")
    for holder in answer.holders:
        table.add_row(
            holder.role,
            names.person(holder.person),
            f"{holder.kind}, has left" if holder.left else holder.kind,
            holder.since.astimezone(zone).isoformat(" "),
            holder.until.astimezone(zone).isoformat(" ") if holder.until else "open",
        )
    if not answer.holders:
        table.add_row("-", "nobody", "-", "-", "-")
    return table
