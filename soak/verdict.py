"""What came of a fault: a line of the summary, with what a checker had to complain about."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from soak.history import Complaint, History, Kind, complaints

COLUMNS = ("fault", "rounds", "acknowledged", "lost", "doubled", "verdict")


@dataclass(frozen=True, slots=True)
class Verdict:
    """How often a fault was made, and what it did to what was acknowledged."""

    fault: str
    rounds: int
    acknowledged: int
    complaints: tuple[Complaint, ...] = ()
    remark: str = ""
    is_control: bool = False
    """Whether something must be lost: the method could not be trusted otherwise."""
    ran: bool = True

    def __add__(self, other: "Verdict") -> "Verdict":
        """The verdict over further rounds of the same fault as well."""
        return replace(
            self,
            rounds=self.rounds + other.rounds,
            acknowledged=self.acknowledged + other.acknowledged,
            complaints=self.complaints + other.complaints,
        )

    @property
    def lost(self) -> int:
        """How many acknowledged events are gone."""
        return self._count("lost")

    @property
    def doubled(self) -> int:
        """How many are there twice."""
        return self._count("doubled")

    def _count(self, kind: Kind) -> int:
        return sum(complaint.kind == kind for complaint in self.complaints)

    @property
    def is_good(self) -> bool:
        """Whether all promises were kept, or, by a control, the broken one was noticed."""
        if self.is_control:
            return self.lost > 0
        return not self.complaints

    @property
    def row(self) -> tuple[str, ...]:
        """The line of the summary."""
        if not self.ran:
            return (self.fault, "0", "-", "-", "-", f"not run: {self.remark}")
        said = "lost, as it must" if self.is_control else "kept"
        if not self.is_good:
            said = f"BROKEN: {self.complaints[0].text if self.complaints else 'the control lost nothing'}"
        elif self.remark:
            said = f"{said}: {self.remark}"
        return (self.fault, str(self.rounds), str(self.acknowledged), str(self.lost), str(self.doubled), said)


def judge(fault: str, rounds: int, histories: Iterable[History], remark: str = "") -> Verdict:
    """The verdict over the histories of some rounds."""
    acknowledged = 0
    found: list[Complaint] = []
    for history in histories:
        acknowledged += history.acknowledged
        found += complaints(history)
    return Verdict(fault, rounds, acknowledged, tuple(found), remark)


def summary(verdicts: Iterable[Verdict]) -> str:
    """A Markdown table."""
    rows = [COLUMNS, *(verdict.row for verdict in verdicts)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(COLUMNS))]
    lines = [" | ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) for row in rows]
    lines.insert(1, " | ".join("-" * width for width in widths))
    return "\n".join(f"| {line} |" for line in lines)
