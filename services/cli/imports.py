"""`zeren import`: turns the rows of CSV and XLSX files into commands, as a mapping file says."""

from functools import partial
from pathlib import Path
from typing import Annotated

import psycopg
import psycopg_pool
import typer
from eventsourcing.persistence import PersistenceError
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeRemainingColumn
from rich.table import Table

from services.cli.options import Data, open_ledger
from services.imports.importing import Importer
from services.imports.mapping import Mapping, read_mapping
from services.imports.reasons import UnusableError, reason, say
from services.imports.rejects import Rejects
from services.imports.report import Report
from services.imports.tables import SourceFile, look_over
from services.language import Language
from services.settings import DEFAULT_DATA
from services.store.reading.gap_check import HoleInLogError
from services.store.writing.group_commit import ClosedError

SOME_REJECTED, UNUSABLE, FAULT = 1, 2, 3
"""Exit codes; 0 where every row went in or was in already."""

AWAY = (
    ClosedError,
    PersistenceError,
    psycopg.OperationalError,
    psycopg.InterfaceError,
    psycopg_pool.PoolTimeout,
    HoleInLogError,
)
"""What a database does to an import that cannot be used, or not any more."""


def import_files(
    mapping: Annotated[Path, typer.Argument(help="The mapping file, TOML.")],
    files: Annotated[list[Path], typer.Argument(help="CSV or XLSX files, also with .gz.")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Decide everything, record nothing.")] = False,
    rejects: Annotated[
        Path | None,
        typer.Option(
            help="Where rows that were left out go; a directory for several files. Default: FILE.rejects.csv."
        ),
    ] = None,
    language: Annotated[Language, typer.Option(help="The language of reasons and of the report.")] = "en",
    data: Data = DEFAULT_DATA,
) -> None:
    """Import rows: what was imported before changes nothing, rows at fault are written aside with their reason.

    Exit code 0: all rows are in; 1: some were left out; 2: the mapping, a file, the place of the rejects or the
    database cannot be used; 3: a fault of Zeren.
    """
    console = Console()
    try:
        plan = read_mapping(mapping)
        sources = [look_over(file, plan.source) for file in files]
        _require_place(rejects, several=len(sources) > 1)
        reports = _run(console, plan, sources, rejects, language, data, dry_run=dry_run)
    except UnusableError as error:
        console.print(reason(error, language), style="red", highlight=False, markup=False)
        raise typer.Exit(UNUSABLE) from error
    except AWAY as error:
        console.print(say("database.away", language), style="red", highlight=False, markup=False)
        raise typer.Exit(UNUSABLE) from error
    except typer.Exit:
        raise
    except Exception as error:
        # Python would end with 1, which says that some rows were left out.
        console.print_exception()
        raise typer.Exit(FAULT) from error
    if any(report.rejected for report in reports):
        raise typer.Exit(SOME_REJECTED)


def _require_place(rejects: Path | None, *, several: bool) -> None:
    """Refuse a place for rejects where nothing can be written, before anything is recorded."""
    if rejects is None or (rejects.is_dir() if several else rejects.is_dir() or rejects.parent.is_dir()):
        return
    raise UnusableError("rejects.nowhere", path=str(rejects))


def _run(
    console: Console,
    mapping: Mapping,
    sources: list[SourceFile],
    rejects: Path | None,
    language: Language,
    data: Path,
    *,
    dry_run: bool,
) -> list[Report]:
    reports = []
    with open_ledger(data) as zeren:
        importer = Importer(zeren.handler, mapping, dry_run=dry_run)
        for source in sources:
            path = _rejects_path(rejects, source, several=len(sources) > 1)
            with (
                Rejects(path, source, language) as rejected,
                Progress(
                    TextColumn("{task.description}", markup=False),
                    BarColumn(),
                    MofNCompleteColumn(),
                    TimeRemainingColumn(),
                    console=console,
                ) as bars,
            ):
                bar = bars.add_task(source.path.name, total=source.rows_at_most or None)
                report = importer.run(source, rejected.add, partial(_show, bars, bar))
                bars.update(bar, completed=report.rows, total=report.rows)
            title = f"{source.path.name} ({report.batch})"
            title = say("report.dry_run", language, title=title) if dry_run else title
            console.print(title, style="bold", highlight=False, markup=False)
            console.print(_table(report, language))
            if report.rejected:
                console.print(say("report.rejects_at", language, path=str(path)), highlight=False, markup=False)
            reports.append(report)
        if not dry_run:
            zeren.runner.catch_up()
    return reports


def _show(bars: Progress, bar: TaskID, done: int) -> None:
    bars.update(bar, completed=done)


def _rejects_path(rejects: Path | None, source: SourceFile, *, several: bool) -> Path:
    name = f"{source.path.name}.rejects.csv"
    if rejects is None:
        return Path(name)
    return rejects / name if several or rejects.is_dir() else rejects


def _table(report: Report, language: Language) -> Table:
    table = Table("", "")
    table.show_header = False
    for name in ("sheet", "encoding", "delimiter"):
        said = getattr(report, name)
        if said is not None:
            shown = say("report.tabulator", language) if said == "\t" else said
            table.add_row(say(f"report.{name}", language), escape(shown))
    for name in (
        "rows",
        "imported",
        "imported_before",
        "repeated",
        "unchanged",
        "sorted",
        "superseded",
        "commands",
    ):
        table.add_row(say(f"report.{name}", language), str(getattr(report, name)))
    table.add_section()
    for name, count in sorted(report.events.items()):
        table.add_row(name, str(count))
    table.add_section()
    for code, count in sorted(report.rejected.items()):
        table.add_row(say("report.rejected", language, code=code), str(count), style="red")
    return table
