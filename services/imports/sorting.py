"""Sorts any number of rows in bounded memory: sorted runs in temporary files, merged."""

import heapq
import json
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from typing import IO

from services.imports.tables import Row

Place = tuple[str, ...]
"""What a row is sorted by."""

Keyed = tuple[Place, Row]
RUN = 20_000


def in_order(rows: Iterable[Keyed], run: int = RUN) -> Iterator[Row]:
    """The rows by their keys, ties by their place in the file; at most about `run` of them in memory."""
    with ExitStack() as files:
        runs: list[Iterator[tuple[Place, int, Row]]] = []
        waiting: list[tuple[Place, int, Row]] = []
        for key, row in rows:
            waiting.append((key, row.number, row))
            if len(waiting) == run:
                file = files.enter_context(tempfile.TemporaryFile("w+", encoding="utf-8"))
                _write(file, sorted(waiting, key=_place))
                runs.append(_read(file))
                waiting.clear()
        runs.append(iter(sorted(waiting, key=_place)))
        for _, _, row in heapq.merge(*runs, key=_place):
            yield row


def _place(entry: tuple[Place, int, Row]) -> tuple[Place, int]:
    return entry[0], entry[1]


def _write(file: IO[str], entries: Iterable[tuple[Place, int, Row]]) -> None:
    for key, number, row in entries:
        file.write(json.dumps([key, number, row.cells]))
        file.write("\n")
    file.seek(0)


def _read(file: IO[str]) -> Iterator[tuple[Place, int, Row]]:
    for line in file:
        key, number, cells = json.loads(line)
        yield tuple(key), number, Row(number, tuple(cells))
