"""The notches of the known-time slider: one for each moment at which something was learned."""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from services.review.instants import whole_second
from services.review.proof import Line

_SECOND = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Step:
    """A known time to jump to: none for now."""

    known_at: datetime | None
    learned: str
    """What was learned by it; empty before anything was."""


def steps(lines: Iterable[Line]) -> list[Step]:
    """Before anything was known, then after each lesson, the last of which is what is known now."""
    learned: dict[datetime, str] = {}
    for line in lines:
        learned[whole_second(line.recorded_at)] = line.text
    if not learned:
        return []
    instants = list(learned)
    known: list[datetime | None] = [instants[0] - _SECOND, *instants[:-1], None]
    return [Step(at, text) for at, text in zip(known, ("", *learned.values()), strict=True)]


def step_at(found: Sequence[Step], known_at: datetime | None) -> int:
    """The notch that a known time is at, or after; the last one for now."""
    if known_at is None or not found:
        return max(len(found) - 1, 0)
    instants = [step.known_at for step in found if step.known_at is not None]
    return max(bisect_right(instants, known_at) - 1, 0)
