"""Files and a small mapping that the scenarios of imports share."""

import csv
import io
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any
from uuid import UUID

from events.recorded import Recorded
from events.responsibility import ResponsibilityAssigned
from services.application import Zeren
from services.imports.importing import Importer
from services.imports.mapping import Mapping, mapping_of
from services.imports.reasons import Error, code_of
from services.imports.report import Report
from services.imports.tables import Row, look_over

HEADER = ("account", "owner", "since")

ACCOUNTS: dict[str, Any] = {
    "name": "accounts",
    "version": 1,
    "rows": {"key": "{account}", "order": ["from_then"], "recorded_at": "from_then"},
    "instants": {
        "from_then": {"column": "since", "formats": ["%Y-%m-%d %H:%M"], "time_zone": "Asia/Shanghai"},
    },
    "ids": {"customer": "{account}", "person": "{owner}"},
    "commands": [
        {
            "command": "register-person",
            "stream": "person:{person}",
            "when": {"value": "owner", "present": True},
            "creates": True,
            "body": {"name": "{owner}"},
        },
        {
            "command": "register-customer",
            "stream": "customer:{customer}",
            "creates": True,
            "body": {"name": "{account}"},
        },
    ],
    "track": [
        {"stream": "customer:{customer}", "role": "account_manager", "person": "{person}", "at": "from_then"},
    ],
}
"""Who owns an account from when on."""


def accounts(**changes: Any) -> Mapping:
    """The mapping above, with some of its tables replaced."""
    return mapping_of({**ACCOUNTS, **changes}, "accounts.toml")


def written(rows: Iterable[Sequence[str]], header: Sequence[str] = HEADER) -> str:
    """Rows as CSV."""
    text = io.StringIO()
    csv.writer(text).writerows([header, *rows])
    return text.getvalue()


def save(path: Path, rows: Iterable[Sequence[str]], encoding: str = "utf-8", header: Sequence[str] = HEADER) -> Path:
    """Write rows to a CSV file."""
    path.write_bytes(written(rows, header).encode(encoding))
    return path


def run(
    zeren: Zeren, mapping: Mapping, path: Path, *, dry_run: bool = False, batch: int = 500
) -> tuple[Report, dict[int, str]]:
    """Import a file; the report, and why rows were left out: row number → code."""
    left_out: dict[int, str] = {}

    def reject(row: Row, error: Error) -> None:
        left_out[row.number] = code_of(error)

    importer = Importer(zeren.handler, mapping, dry_run=dry_run, batch=batch)
    return importer.run(look_over(path, mapping.source), reject), left_out


def log(zeren: Zeren) -> list[Recorded]:
    """Every imported event."""
    return [recorded for recorded in zeren.ledger.read(0, 100_000) if recorded.context.source is not None]


def intervals(zeren: Zeren, role: str = "account_manager") -> list[tuple[str, str, str, str | None]]:
    """Customer name, holder's name, since and until in UTC, as the responsibility view has them."""
    zeren.runner.catch_up()
    names: dict[str, str] = {
        recorded.stream.partition(":")[2]: recorded.event.model_dump()["name"]
        for recorded in log(zeren)
        if recorded.event.event_name in {"person.registered", "customer.registered"}
    }
    rows = zeren.views.rows(
        "SELECT stream, person, since, until FROM view_responsibility.holdings "
        "WHERE role = %(role)s AND known_to IS NULL ORDER BY since, stream",
        {"role": role},
    )
    return [
        (
            names[row["stream"].partition(":")[2]],
            names[str(row["person"])],
            f"{row['since']:%Y-%m-%d %H:%M}",
            f"{row['until']:%Y-%m-%d %H:%M}" if row["until"] else None,
        )
        for row in rows
    ]


def assigned(zeren: Zeren) -> list[UUID]:
    """Everybody who was ever assigned, in the order of the log."""
    return [one.event.person for one in log(zeren) if isinstance(one.event, ResponsibilityAssigned)]
