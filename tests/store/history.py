"""What several writers and readers did at the same time, and whether the log could have come of it."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Entry:
    """One event in the log; `token` is a text that nobody wrote twice."""

    position: int
    stream: str
    version: int
    token: str


@dataclass(frozen=True, slots=True)
class Attempt:
    """One save that somebody tried, with the nanoseconds at which it began and its answer came."""

    began: int
    ended: int
    stream: str
    first: int
    tokens: tuple[str, ...]
    positions: tuple[int, ...] | None
    """None where the save was refused."""


@dataclass(frozen=True, slots=True)
class Reading:
    """One look at the whole log: the positions seen, and the nanoseconds at which it began."""

    began: int
    positions: tuple[int, ...]


def complaints(attempts: Sequence[Attempt], readings: Sequence[Reading], log: Sequence[Entry]) -> list[str]:
    """Everything that is wrong; empty for a history that keeps all promises."""
    return [
        *_not_dense(log),
        *_not_contiguous(log),
        *_lost_or_invented(attempts, log),
        *_out_of_order(attempts),
        *_no_prefix(attempts, readings),
    ]


def _not_dense(log: Sequence[Entry]) -> Iterator[str]:
    positions = [entry.position for entry in log]
    if positions != list(range(1, len(log) + 1)):
        yield "positions are not 1, 2, 3, …"


def _not_contiguous(log: Sequence[Entry]) -> Iterator[str]:
    reached: Counter[str] = Counter()
    for entry in log:
        reached[entry.stream] += 1
        if entry.version != reached[entry.stream]:
            yield f"{entry.stream} has version {entry.version} at place {reached[entry.stream]}"


def _lost_or_invented(attempts: Sequence[Attempt], log: Sequence[Entry]) -> Iterator[str]:
    there = {entry.token: entry for entry in log}
    for token, times in Counter(entry.token for entry in log).items():
        if times > 1:
            yield f"{token} is in the log {times} times"
    accounted: set[str] = set()
    for attempt in attempts:
        if attempt.positions is None:
            yield from (f"{token} was refused and is in the log" for token in attempt.tokens if token in there)
            continue
        accounted |= set(attempt.tokens)
        for offset, (token, position) in enumerate(zip(attempt.tokens, attempt.positions, strict=True)):
            if there.get(token) != Entry(position, attempt.stream, attempt.first + offset, token):
                yield f"{token} was acknowledged at {position} and is not there"
    yield from (f"{token} was never acknowledged" for token in there.keys() - accounted)


def _out_of_order(attempts: Sequence[Attempt]) -> Iterator[str]:
    acknowledged = [attempt for attempt in attempts if attempt.positions]
    ended = iter(sorted(acknowledged, key=lambda attempt: attempt.ended))
    earlier, highest = next(ended, None), 0
    for attempt in sorted(acknowledged, key=lambda attempt: attempt.began):
        while earlier is not None and earlier.ended < attempt.began:
            highest = max(highest, *(earlier.positions or ()))
            earlier = next(ended, None)
        if min(attempt.positions or ()) < highest:
            yield f"{attempt.tokens[0]} began after position {highest} was acknowledged and came before it"


def _no_prefix(attempts: Sequence[Attempt], readings: Sequence[Reading]) -> Iterator[str]:
    for reading in readings:
        if reading.positions != tuple(range(1, len(reading.positions) + 1)):
            yield f"a reader saw a hole below {max(reading.positions)}"
        known = max((max(a.positions) for a in attempts if a.positions and a.ended < reading.began), default=0)
        if len(reading.positions) < known:
            yield f"a reader saw {len(reading.positions)} events after {known} were acknowledged"
