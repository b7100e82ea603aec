"""What an item was at a time: its life, folded from the turns that events say of it.

Rules and read models ask this one place, so that status, due time and lateness are the same wherever they are asked.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from events.base import Event
from events.vocabulary.items import ItemKind


@dataclass(frozen=True, slots=True)
class Step:
    """A turn in the life of an item, at its instant."""

    version: int
    """The version of the event in its stream."""
    at: datetime
    status: str | None = None
    """The status from then on; none where it stays."""
    due_at: datetime | None = None
    moves_due: bool = False
    """Whether `due_at` is the due time from then on; none is due any more where it is none."""
    pauses: bool = False
    """Whether a due time that has not passed stands still from then on."""
    amends: bool = False
    """Whether `due_at` takes the place of the last due time that was said, be it one that binds nobody."""
    assumed: bool = False
    """Whether the event itself does not say its instant: an item that begins with it is as old as what is said of it
    by its own instant."""
    noted: datetime | None = None
    """The due time that is recorded as passed."""
    through: bool = False
    """Whether every due time up to `noted` is."""
    told: tuple[int, ...] = ()
    """The versions that amended its due time."""

    def notes(self, due_at: datetime) -> bool:
        """Whether it records that a due time has passed."""
        return self.noted is not None and (due_at == self.noted or (self.through and due_at < self.noted))


@dataclass(frozen=True, slots=True)
class Life:
    """What an item was over `[since, until)`."""

    since: datetime
    until: datetime | None
    status: str
    due_at: datetime | None
    """The due time that binds; none where nothing is due, or the clock stands still."""
    version: int
    """That of the event with which this part of its life began."""
    noted: bool = False
    """Whether it is recorded that the due time has passed."""
    due: tuple[int, ...] = ()
    """The versions of the events that say the due time."""

    def covers(self, at: datetime) -> bool:
        """Whether it was so at an instant."""
        return self.since <= at and (self.until is None or at < self.until)


def steps(event: Event, version: int, at: datetime) -> Iterator[tuple[ItemKind, Step]]:
    """The turns that an event says, each with the kind of item whose life it is; `at` where it has no instant."""
    said = event.instant
    for turn in event.turns:
        if turn.only and getattr(event, turn.only[0]) != turn.only[1]:
            continue
        kind = turn.of or event.about
        if kind is None:
            raise TypeError(f"{event.event_name} says a turn of no item")
        binds = turn.due is not None and (turn.binding is None or bool(getattr(event, turn.binding)))
        yield (
            kind,
            Step(
                version,
                said or at,
                getattr(event, turn.said) if turn.said else turn.status,
                getattr(event, turn.due) if turn.due else None,
                moves_due=binds or turn.settles,
                pauses=turn.pauses,
                amends=turn.amends,
                assumed=said is None,
                noted=getattr(event, turn.noted) if turn.noted else None,
                through=turn.through,
            ),
        )


def lives(taken: Iterable[Step]) -> list[Life]:
    """The life of an item from its first step on, in the order of time; none without a step that says a status."""
    told = _amended(sorted(taken, key=lambda step: step.version))
    if not told:
        return []
    born = _born(told)
    timed = [(born if index == 0 else max(step.at, born), step.version, step) for index, step in enumerate(told)]
    timed.sort(key=lambda one: one[:2])
    parts: list[Life] = []
    for at, _, step in timed:
        before = parts[-1] if parts else None
        after = _after(before, step, at)
        if after is None or (before and (before.status, before.due_at) == (after.status, after.due_at)):
            continue
        if before and before.since == after.since:
            parts.pop()
        elif before:
            parts[-1] = _until(before, after.since)
        parts.append(after)
    noting = [step for step in told if step.noted is not None]
    return [_noted(part, noting) for part in parts] if noting else parts


def _until(part: Life, until: datetime) -> Life:
    # `replace` takes three times as long, and every step ends a part.
    return Life(part.since, until, part.status, part.due_at, part.version, part.noted, part.due)


def _amended(told: Sequence[Step]) -> list[Step]:
    found: list[Step] = []
    for step in told:
        if not step.amends:
            found.append(step)
            continue
        said = next((index for index in range(len(found) - 1, -1, -1) if found[index].due_at is not None), None)
        if said is not None:
            before = found[said]
            found[said] = replace(before, due_at=step.due_at, told=(*before.told, step.version))
    return found


def _born(told: Sequence[Step]) -> datetime:
    first = told[0]
    if not first.assumed:
        return first.at
    return min(step.at for step in told if step is first or (step.status and not step.assumed))


def _after(before: Life | None, step: Step, at: datetime) -> Life | None:
    status = step.status or (before.status if before else None)
    if status is None:
        return None
    due_at, due = (before.due_at, before.due) if before else (None, ())
    if step.moves_due:
        due_at, due = step.due_at, (step.version, *step.told)
    elif step.pauses and due_at is not None and at <= due_at:
        due_at, due = None, ()
    return Life(at, None, status, due_at, step.version, due=due)


def _noted(part: Life, noting: Sequence[Step]) -> Life:
    due_at = part.due_at
    return replace(part, noted=True) if due_at and any(step.notes(due_at) for step in noting) else part


def life_at(parts: Sequence[Life], at: datetime) -> Life | None:
    """What an item was at an instant; none before its life began."""
    return next((part for part in reversed(parts) if part.since <= at), None)


def is_open(kind: ItemKind, part: Life | None) -> bool:
    """Whether an item is open in a part of its life."""
    return part is not None and part.status in kind.open


def is_late(kind: ItemKind, part: Life | None, at: datetime) -> bool:
    """Whether an item is late at an instant: open, and due before it; at the very instant it is due, not yet late."""
    return part is not None and is_open(kind, part) and part.due_at is not None and part.due_at < at


def fell_due(kind: ItemKind, parts: Iterable[Life]) -> Iterator[tuple[datetime, Life]]:
    """The due times after which an item was late, some perhaps twice, with the part of its life in which it was."""
    for part in parts:
        if is_open(kind, part) and part.due_at is not None and (part.until is None or part.due_at < part.until):
            yield part.due_at, part
