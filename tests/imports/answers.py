"""What an import left in the ledger and in the views of responsibility, to compare with independent answers."""

import csv
import gzip
import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from services.application import Zeren
from services.imports.importing import Importer
from services.imports.mapping import read_mapping
from services.imports.reasons import Error
from services.imports.report import Report
from services.imports.tables import Row, look_over
from services.projector.runner import Runner
from services.questions import responsibility

_NAMES = (
    "SELECT originator_id AS stream, convert_from(state, 'UTF8')::jsonb #>> '{data,name}' AS name "
    "FROM zeren.log WHERE topic = %(topic)s"
)


@dataclass(frozen=True)
class Imported:
    """A history after its import."""

    zeren: Zeren
    report: Report
    left_out: tuple[Row, ...]
    header: tuple[str, ...]

    def names(self, topic: str) -> dict[str, str]:
        """Identifier → name, of the customers or people that were registered."""
        rows = self.zeren.ledger.database.rows(_NAMES, {"topic": topic})
        return {row["stream"].partition(":")[2]: row["name"] for row in rows}

    def data(self, topic: str) -> list[dict[str, Any]]:
        """What every event of a name says, with its stream, in the order of the log."""
        query = (
            "SELECT originator_id AS stream, convert_from(state, 'UTF8')::jsonb -> 'data' AS data "
            "FROM zeren.log WHERE topic = %(topic)s ORDER BY notification_id"
        )
        return [
            {"stream": row["stream"], **row["data"]} for row in self.zeren.ledger.database.rows(query, {"topic": topic})
        ]

    def holdings(self, role: str) -> list[dict[str, Any]]:
        """Every interval of a role as believed now."""
        query = (
            "SELECT stream, subject, person, since, until FROM view_responsibility.holdings "
            "WHERE role = %(role)s AND known_to IS NULL ORDER BY stream, subject, since"
        )
        return self.zeren.views.rows(query, {"role": role})

    def who(self, subject: str, role: str, at: datetime) -> str | None:
        """The id of whoever held a role at an instant, as known now."""
        asked = responsibility.Question(subject, role, at, known_position=self.zeren.ledger.size())
        holders = responsibility.ask(self.zeren.views, asked).holders
        assert len(holders) < 2
        return str(holders[0].person) if holders else None

    def rejected(self) -> list[dict[str, str]]:
        """The rows that were left out."""
        return [dict(zip(self.header, row.cells, strict=True)) for row in self.left_out]


def import_history(zeren: Zeren, mapping: Path, file: Path) -> Imported:
    """Import a file and bring the views of responsibility up to date."""
    plan = read_mapping(mapping)
    source = look_over(file, plan.source)
    left_out: list[Row] = []

    def reject(row: Row, _error: Error) -> None:
        left_out.append(row)

    report = Importer(zeren.handler, plan).run(source, reject)
    asked = [one for one in zeren.projections if one.name in responsibility.VIEWS]
    Runner(zeren.ledger, asked).catch_up()
    return Imported(zeren, report, tuple(left_out), source.header)


def answers(path: Path) -> Iterator[dict[str, str]]:
    """The rows of a CSV file, packed or not."""
    content = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    yield from csv.DictReader(io.StringIO(content.decode(), newline=""))
