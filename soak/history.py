"""What several writers and readers did at the same time, and whether the log could have come of it."""

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate
from typing import Literal

Kind = Literal["lost", "doubled", "wrong"]


@dataclass(frozen=True, slots=True)
class Complaint:
    """A promise that was not kept."""

    kind: Kind
    text: str


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
    ended: int | None
    """None where no answer came: it may have been recorded, or not."""
    stream: str
    first: int | None
    """The first version; none where the writer left it to the store and has no answer."""
    tokens: tuple[str, ...]
    positions: tuple[int, ...] | None
    """None where the save was refused, or no answer came."""
    key: str | None = None
    key_taken: bool = False
    """Whether it was refused because its idempotency key was used before."""
    stands: tuple[tuple[str, int], ...] = ()
    """Streams that had to stand at a version for it to be accepted."""

    @property
    def is_refused(self) -> bool:
        """Whether the store said no."""
        return self.ended is not None and self.positions is None


@dataclass(frozen=True, slots=True)
class Reading:
    """One look at everything above a position: what was seen in order, and the nanoseconds at which it began."""

    began: int
    after: int
    seen: tuple[tuple[int, str], ...]
    """Positions with tokens."""


@dataclass(frozen=True, slots=True)
class Claim:
    """What stands in the store under an idempotency key."""

    key: str
    stream: str
    first: int
    last: int
    position: int


@dataclass(frozen=True, slots=True)
class History:
    """Everything that is known about a run."""

    attempts: Sequence[Attempt]
    readings: Sequence[Reading]
    log: Sequence[Entry]
    claims: Sequence[Claim] | None = None
    """None where the keys of the store were not looked at."""
    is_proved: bool = True
    """Whether the log hashes to what its head says."""

    @property
    def acknowledged(self) -> int:
        """How many events somebody was told to be recorded."""
        tokens = {token for attempt in self.attempts if attempt.positions is not None for token in attempt.tokens}
        return len(tokens)


def of_before(log: Sequence[Entry]) -> list[Attempt]:
    """Events that were there before the run, as attempts that were over when it began."""
    return [Attempt(0, 0, one.stream, one.version, (one.token,), (one.position,)) for one in log]


def known_at(attempts: Sequence[Attempt], began: int, ended: int) -> list[Attempt]:
    """What may be asked of a picture of the log that was taken between two instants: later answers are unknown."""
    return [
        attempt
        if attempt.ended is not None and attempt.ended < began
        else replace(attempt, ended=None, positions=None, key_taken=False)
        for attempt in attempts
        if attempt.began <= ended
    ]


def complaints(history: History) -> list[Complaint]:
    """Everything that is wrong; empty for a history that keeps all promises."""
    run = _Run(history)
    return [
        *run.not_dense(),
        *run.not_contiguous(),
        *run.doubled(),
        *run.lost_or_invented(),
        *run.out_of_order(),
        *run.refused_for_nothing(),
        *run.relied_on_the_past(),
        *run.not_proved(),
        *run.keys_forgotten(),
        *run.no_prefix(),
    ]


class _Run:
    def __init__(self, history: History) -> None:
        self.attempts = history.attempts
        self.readings = history.readings
        self.log = history.log
        self.claims = history.claims
        self.is_proved = history.is_proved
        self.there = {entry.token: entry for entry in self.log}
        self._at = {(entry.stream, entry.version): entry for entry in self.log}
        self._writers: dict[str, Attempt] = {}
        for attempt in self.attempts:
            if not attempt.is_refused:
                for token in attempt.tokens:
                    self._writers.setdefault(token, attempt)
        answered = sorted(
            (attempt.ended, max(attempt.positions)) for attempt in self.attempts if attempt.positions and attempt.ended
        )
        self._ends = [ended for ended, _ in answered]
        self._highest = [0, *accumulate((position for _, position in answered), max)]

    def _acknowledged_before(self, instant: int) -> int:
        """The highest position that somebody knew before an instant."""
        return self._highest[bisect_left(self._ends, instant)]

    def not_dense(self) -> Iterator[Complaint]:
        if [entry.position for entry in self.log] != list(range(1, len(self.log) + 1)):
            yield Complaint("wrong", "positions are not 1, 2, 3, …")

    def not_contiguous(self) -> Iterator[Complaint]:
        reached: Counter[str] = Counter()
        for entry in self.log:
            reached[entry.stream] += 1
            if entry.version != reached[entry.stream]:
                yield Complaint("wrong", f"{entry.stream} has version {entry.version} at place {reached[entry.stream]}")

    def doubled(self) -> Iterator[Complaint]:
        for token, times in Counter(entry.token for entry in self.log).items():
            if times > 1:
                yield Complaint("doubled", f"{token} is in the log {times} times")
        recorded: dict[str, tuple[str, ...]] = {}
        answered: dict[str, tuple[int, ...]] = {}
        for attempt in self.attempts:
            if attempt.key is None:
                continue
            is_there = any(token in self.there for token in attempt.tokens)
            if is_there and recorded.setdefault(attempt.key, attempt.tokens) != attempt.tokens:
                yield Complaint("doubled", f"{attempt.key} stands for two saves")
            if attempt.positions is not None:
                first = answered.setdefault(attempt.key, attempt.positions)
                if first != attempt.positions:
                    yield Complaint("doubled", f"{attempt.key} was answered {first} and {attempt.positions}")

    def lost_or_invented(self) -> Iterator[Complaint]:
        accounted: set[str] = set()
        for attempt in self.attempts:
            if attempt.is_refused:
                for token in attempt.tokens:
                    if token in self.there:
                        yield Complaint("wrong", f"{token} was refused and is in the log")
                continue
            accounted.update(attempt.tokens)
            yield from self._unfinished(attempt) if attempt.positions is None else self._lost(attempt)
        yield from (Complaint("wrong", f"{token} was never acknowledged") for token in self.there.keys() - accounted)

    def _lost(self, attempt: Attempt) -> Iterator[Complaint]:
        for offset, (token, position) in enumerate(zip(attempt.tokens, attempt.positions or (), strict=True)):
            version = (attempt.first or 0) + offset
            found = self.there.get(token)
            if found is None:
                yield Complaint("lost", f"{token} was acknowledged at {position} and is not there")
            elif found != Entry(position, attempt.stream, version, token):
                yield Complaint("wrong", f"{token} was acknowledged at {position} and is not there as it was")

    def _unfinished(self, attempt: Attempt) -> Iterator[Complaint]:
        found = [self.there[token] for token in attempt.tokens if token in self.there]
        if not found:
            return
        if len(found) < len(attempt.tokens):
            yield Complaint("wrong", f"{found[0].token} is in the log and what was to be recorded with it is not")
            return
        start = attempt.first or found[0].version
        for offset, entry in enumerate(found):
            if entry != Entry(found[0].position + offset, attempt.stream, start + offset, entry.token):
                yield Complaint("wrong", f"{entry.token} is in the log otherwise than it was to be recorded")

    def out_of_order(self) -> Iterator[Complaint]:
        seen: set[tuple[str, tuple[str, ...]]] = set()
        for attempt in sorted(self.attempts, key=lambda attempt: attempt.began):
            if attempt.key is not None:
                if (attempt.key, attempt.tokens) in seen:
                    continue  # A repeated request is answered with the position that it got at first.
                seen.add((attempt.key, attempt.tokens))
            positions = attempt.positions or tuple(
                self.there[token].position for token in attempt.tokens if token in self.there and not attempt.is_refused
            )
            highest = self._acknowledged_before(attempt.began)
            if positions and min(positions) < highest:
                yield Complaint(
                    "wrong", f"{attempt.tokens[0]} began after position {highest} was acknowledged and came before it"
                )

    def refused_for_nothing(self) -> Iterator[Complaint]:
        for attempt in self.attempts:
            if not attempt.is_refused or attempt.key_taken or attempt.first is None:
                continue
            needed = (*attempt.stands, *([(attempt.stream, attempt.first - 1)] if attempt.tokens else []))
            if all(self._stood(stream, version, attempt) for stream, version in needed):
                yield Complaint("wrong", f"{attempt.tokens} was refused and nobody stood in its way")

    def _stood(self, stream: str, version: int, attempt: Attempt) -> bool:
        """Whether a stream surely stood at a version from an attempt's beginning to its end."""
        before, after = self._writer(stream, version), self._writer(stream, version + 1)
        stood = version == 0 or (before is not None and before.ended is not None and before.ended < attempt.began)
        return stood and (after is None or after.began > (attempt.ended or 0))

    def relied_on_the_past(self) -> Iterator[Complaint]:
        for attempt in self.attempts:
            if attempt.positions is None:
                continue
            for stream, version in attempt.stands:
                following = self._at.get((stream, version + 1))
                if version and (stream, version) not in self._at:
                    is_past = True
                elif attempt.positions:
                    is_past = following is not None and following.position < attempt.positions[0]
                else:
                    # Nothing was recorded: it was so at some instant between question and answer.
                    writer = self._writer(stream, version + 1)
                    is_past = writer is not None and writer.ended is not None and writer.ended < attempt.began
                if is_past:
                    yield Complaint("wrong", f"{attempt.tokens} was accepted as if {stream} stood at {version}")

    def _writer(self, stream: str, version: int) -> Attempt | None:
        """Who recorded a version; the first of those who asked for it."""
        entry = self._at.get((stream, version))
        return self._writers.get(entry.token) if entry else None

    def not_proved(self) -> Iterator[Complaint]:
        if not self.is_proved:
            yield Complaint("wrong", "the log does not hash to what its head says")

    def keys_forgotten(self) -> Iterator[Complaint]:
        if self.claims is None:
            return
        claims = {claim.key: claim for claim in self.claims}
        used: set[str] = set()
        for attempt in self.attempts:
            entries = [self.there[token] for token in attempt.tokens if token in self.there]
            if attempt.key is None or attempt.is_refused or not entries:
                continue
            used.add(attempt.key)
            first, last = entries[0], entries[-1]
            due = Claim(attempt.key, attempt.stream, first.version, last.version, last.position)
            if claims.get(attempt.key) != due:
                yield Complaint("wrong", f"{attempt.key} does not stand for what was recorded under it")
        yield from (Complaint("wrong", f"{key} is used and nothing is recorded") for key in claims.keys() - used)

    def no_prefix(self) -> Iterator[Complaint]:
        by_position = {entry.position: entry.token for entry in self.log}
        for reading in self.readings:
            positions = [position for position, _ in reading.seen]
            if positions != list(range(reading.after + 1, reading.after + 1 + len(positions))):
                yield Complaint("wrong", f"a reader saw a hole below {max(positions)}")
            for position, token in reading.seen:
                if by_position.get(position) != token:
                    yield Complaint("wrong", f"a reader saw {token} at {position}, and it is not there")
            known = self._acknowledged_before(reading.began)
            if reading.after + len(positions) < known:
                yield Complaint(
                    "wrong", f"a reader saw {reading.after + len(positions)} events after {known} were acknowledged"
                )
