"""The swim lanes of a timeline: who held each role when, who acted, where nobody did and where too many."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from heapq import heappop, heappush
from uuid import UUID

from services.questions.responsibility import Holder

ANSWERING = frozenset({"accountable", "responsible"})
"""Who answers for something: those consulted or informed fill no vacancy and overlap with nobody."""


@dataclass(frozen=True, slots=True)
class Span:
    """An interval; without an end where it goes on."""

    since: datetime
    until: datetime | None


@dataclass(frozen=True, slots=True)
class Bar:
    """A holder, and the row of the lane that has room for it."""

    holder: Holder
    row: int


@dataclass(frozen=True, slots=True)
class Lane:
    """One role."""

    role: str
    principals: tuple[Bar, ...] = ()
    acting: tuple[Bar, ...] = ()
    gaps: tuple[Span, ...] = ()
    overlaps: tuple[Span, ...] = ()

    @property
    def rows(self) -> int:
        """How many rows the principals need; an empty lane has one."""
        return max((bar.row + 1 for bar in self.principals), default=1)

    @property
    def acting_rows(self) -> int:
        """How many rows the acting holders need."""
        return max((bar.row + 1 for bar in self.acting), default=0)


@dataclass(frozen=True, slots=True)
class Coverage:
    """What the roles owe: who is alone, and who must be there."""

    order: Sequence[str] = ()
    """Roles in the order of the catalogue."""
    exclusive: frozenset[str] = frozenset()
    """Roles that take one holder at a time."""
    since: Mapping[str, datetime] = field(default_factory=dict)
    """Role → from when on somebody must hold it."""


def lanes(holders: Iterable[Holder], coverage: Coverage) -> list[Lane]:
    """One lane for each role that is held or must be held, in the order of the catalogue, strangers last."""
    by_role: dict[str, list[Holder]] = {role: [] for role in coverage.since}
    for holder in holders:
        by_role.setdefault(holder.role, []).append(holder)
    place = {role: index for index, role in enumerate(coverage.order)}
    return [_lane(role, by_role[role], coverage) for role in sorted(by_role, key=lambda one: (place.get(one, 99), one))]


def _lane(role: str, holders: Iterable[Holder], coverage: Coverage) -> Lane:
    in_order = sorted(holders, key=lambda holder: holder.since)
    principals = [holder for holder in in_order if holder.kind == "principal"]
    answering = [holder for holder in principals if holder.involvement in ANSWERING]
    others = [holder for holder in principals if holder.involvement not in ANSWERING]
    duty = coverage.since.get(role)
    # Where a vacancy may be seen, those who do not answer for anything stay out of its row.
    first = _rows(answering) if answering or duty is not None else 0
    return Lane(
        role,
        principals=(*_in_rows(answering), *_in_rows(others, below=first)),
        acting=_in_rows([holder for holder in in_order if holder.kind == "acting"]),
        gaps=() if duty is None else _gaps(answering, duty),
        overlaps=_overlaps(answering) if role in coverage.exclusive else (),
    )


def _rows(holders: Iterable[Holder]) -> int:
    return max((bar.row + 1 for bar in _in_rows(holders)), default=1)


def _in_rows(holders: Iterable[Holder], *, below: int = 0) -> tuple[Bar, ...]:
    """The first row, not above `below`, that is free again takes the next holder."""
    taken: list[tuple[datetime, int]] = []
    free: list[int] = []
    rows, bars = 0, []
    for holder in holders:
        while taken and taken[0][0] <= holder.since:
            heappush(free, heappop(taken)[1])
        if free:
            row = heappop(free)
        else:
            row, rows = rows, rows + 1
        if holder.until is not None:
            heappush(taken, (holder.until, row))
        bars.append(Bar(holder, below + row))
    return tuple(bars)


def _gaps(principals: Iterable[Holder], duty: datetime) -> tuple[Span, ...]:
    gaps = []
    covered: datetime | None = duty
    for holder in principals:
        if covered is None:
            break
        if holder.since > covered:
            gaps.append(Span(covered, holder.since))
        covered = None if holder.until is None else max(covered, holder.until)
    if covered is not None:
        gaps.append(Span(covered, None))
    return tuple(gaps)


def _overlaps(principals: Iterable[Holder]) -> tuple[Span, ...]:
    """Where two people or more hold at once; a new one begins whenever one of them comes or goes."""
    overlaps: list[Span] = []
    comes: dict[datetime, list[UUID]] = defaultdict(list)
    goes: dict[datetime, list[UUID]] = defaultdict(list)
    for one in principals:
        if one.until is None or one.since < one.until:
            comes[one.since].append(one.person)
        if one.until is not None and one.since < one.until:
            goes[one.until].append(one.person)
    turns = sorted({*comes, *goes})
    there: dict[UUID, int] = {}
    for since, until in zip(turns, [*turns[1:], None], strict=False):
        for person in comes.get(since, ()):
            there[person] = there.get(person, 0) + 1
        for person in goes.get(since, ()):
            there[person] -= 1
            if not there[person]:
                del there[person]
        if len(there) > 1:
            overlaps.append(Span(since, until))
    return tuple(overlaps)
