"""What an import came to."""

from collections import Counter
from dataclasses import dataclass, field

from services.imports.reasons import Error, code_of


@dataclass
class Report:
    """Counts; in a dry run, of what would be recorded."""

    batch: str
    sheet: str | None = None
    """The sheet that was read; none for CSV."""
    encoding: str | None = None
    """None for a workbook."""
    delimiter: str | None = None
    """None for a workbook."""
    rows: int = 0
    imported: int = 0
    """Rows that led to events now."""
    imported_before: int = 0
    repeated: int = 0
    """Rows that say what an earlier row of the file said, where that means the same fact."""
    unchanged: int = 0
    """Rows that led to nothing, because nothing changed."""
    sorted: int = 0
    """Rows that came after a later one of their key and were put in order."""
    superseded: int = 0
    """Holders that never took effect, because a later row of the same instant named another."""
    commands: int = 0
    events: Counter[str] = field(default_factory=Counter)
    """By permanent name."""
    rejected: Counter[str] = field(default_factory=Counter)
    """By code of the reason."""
    position: int = 0
    """The log position of the last event; 0 where there is none."""

    def reject(self, error: Error) -> None:
        """Count a row that was left out."""
        self.rejected[code_of(error)] += 1
