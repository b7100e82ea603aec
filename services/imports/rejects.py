"""The rows that were left out, with the reason, as a CSV file that spreadsheets open as it is."""

import csv
from pathlib import Path
from typing import IO, Any, Self

from services.formulas import guarded
from services.imports.reasons import Error, UnusableError, reason
from services.imports.tables import Row, SourceFile
from services.language import Language


class Rejects:
    """Writes rejected rows to `path`, in UTF-8 with a byte order mark; no file is made where there are none."""

    def __init__(self, path: Path, file: SourceFile, language: Language) -> None:
        self.path = path
        self.file = file
        self.language = language
        self._stream: IO[str] | None = None
        self._writer: Any = None

    def add(self, row: Row, error: Error) -> None:
        """Write one row: its number in the file, the reason, and what it said.

        Raises:
            UnusableError: nothing can be written there.
        """
        try:
            self._write(row, error)
        except OSError as fault:
            raise UnusableError("rejects.nowhere", path=str(self.path)) from fault

    def _write(self, row: Row, error: Error) -> None:
        if self._stream is None:
            self._stream = self.path.open("w", encoding="utf-8-sig", newline="")
            self._writer = csv.writer(self._stream)
            self._writer.writerow(["row", "reason", *map(guarded, self.file.header)])
        self._writer.writerow([row.number, guarded(reason(error, self.language)), *map(guarded, row.cells)])

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        try:
            if self._stream is not None:
                self._stream.close()
        except OSError as fault:
            raise UnusableError("rejects.nowhere", path=str(self.path)) from fault
