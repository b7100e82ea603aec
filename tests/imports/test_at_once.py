"""Imports of one mapping that are begun at once."""

from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

from services.application import Zeren
from services.imports.importing import Importer
from services.imports.report import Report
from services.imports.tables import look_over
from tests.imports.files import accounts, intervals, run, save
from tests.waiting import eventually

EAST = "East Power"
LIN_THEN_WANG = [(EAST, "Lin", "2025-03-01 09:00"), (EAST, "Wang", "2025-03-05 09:00")]


def test_two_imports_of_one_mapping_wait_for_one_another(zeren: Zeren, tmp_path: Path) -> None:
    first = save(tmp_path / "a.csv", [LIN_THEN_WANG[0], (EAST, "Zhao", "2025-03-09 09:00")])
    second = save(tmp_path / "b.csv", LIN_THEN_WANG)
    waiting = (
        "SELECT count(*) AS n FROM pg_locks WHERE locktype = 'advisory' AND NOT granted "
        "AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
    )
    with ThreadPoolExecutor(1) as other:
        started: list[Future[tuple[Report, dict[int, str]]]] = []

        def meanwhile(done: int) -> None:
            if not started:
                started.append(other.submit(run, zeren, accounts(), second))
                eventually(lambda: started[0].done() or zeren.ledger.database.rows(waiting)[0]["n"] > 0)

        mapping = accounts()
        report = Importer(zeren.handler, mapping, batch=1).run(look_over(first, mapping.source), progress=meanwhile)
        _, left_out = started[0].result()
    assert (report.imported, report.rejected, left_out) == (2, {}, {2: "row.late"})
    assert [(holder, end) for _, holder, _, end in intervals(zeren)] == [("Lin", "2025-03-09 01:00"), ("Zhao", None)]
