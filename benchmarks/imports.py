"""Rows per second of real histories, from a CSV file through every rule into the log."""

import csv
import gzip
import tempfile
import time
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from statistics import median

from benchmarks.machine import new_database
from benchmarks.tables import Table
from services.application import Zeren
from services.imports.importing import Importer
from services.imports.mapping import read_mapping
from services.imports.tables import look_over

ROWS = 3_000
"""Rows of each file that are taken."""
_DATA = Path("..") / "shared" / "data"
_MAPPINGS = Path("examples") / "imports"
_FILES = {
    "ServiceNow incidents": ("servicenow-incidents.toml", "servicenow-incidents/incidents_first890.csv.gz"),
    "Chicago inspections": ("chicago-visits.toml", "chicago-inspections/visits.csv.gz"),
}


def tables(_seconds: float, rounds: int) -> Iterator[Table]:
    """The files take turns, each time into a database of its own."""
    found: dict[str, list[tuple[float, float]]] = {name: [] for name in _FILES}
    for _ in range(rounds):
        for name, each in found.items():
            if available(name):
                with new_database() as url, Zeren(url, projecting=False) as zeren:
                    each.append(imported(zeren, name))
    rows = []
    for name, each in found.items():
        rates = [f"{median(rate):,.0f}" for rate in zip(*each, strict=True)]
        rows.append([name, *(rates or ["the file is not here", ""])])
    yield Table(
        "Import, rows and events per second",
        ["", "rows/s", "events/s"],
        rows,
        [f"medians of {rounds} rounds, in turns, of the first {ROWS:,} rows; views follow later"],
    )


def available(name: str) -> bool:
    """Whether the file is there; a clone alone does not have it."""
    return (_DATA / _FILES[name][1]).is_file()


def imported(zeren: Zeren, name: str, rows: int = ROWS) -> tuple[float, float]:
    """Rows and events per second of the first rows of a file."""
    mapping_file, data_file = _FILES[name]
    mapping = read_mapping(_MAPPINGS / mapping_file)
    with tempfile.TemporaryDirectory() as directory:
        file = Path(directory) / f"{rows}.csv"
        with gzip.open(_DATA / data_file, "rt", newline="") as whole, file.open("w", newline="") as part:
            csv.writer(part).writerows(islice(csv.reader(whole), rows + 1))
        source = look_over(file, mapping.source)
        began = time.perf_counter()
        report = Importer(zeren.handler, mapping).run(source)
        seconds = time.perf_counter() - began
    return report.rows / seconds, report.events.total() / seconds
