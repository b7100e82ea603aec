"""Handles commands for threads: states are read from the store first, then the rules decide."""

import random
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from aggregates.refusal import Refused
from events.base import Event
from events.vocabulary.identifiers import StreamId
from services.handling.completing import NOTHING, Completing
from services.handling.deciding import ITEMS, POLICY, Decided, OpenedItem, Work, decide_request, placed
from services.handling.patience import patiently
from services.handling.requests import (
    ATTEMPTS,
    BusyError,
    Failure,
    GroupResult,
    KeyReusedError,
    Outcome,
    Request,
    VersionMismatchError,
)
from services.store.ledger import Ledger
from services.store.writing.saves import Answer, Appended, Result, Save


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """What groups would come to that are decided one call after another and never recorded."""

    decided: Work = field(default_factory=Work)


@dataclass(frozen=True, slots=True)
class _Group:
    """What the requests of one group came to, before it is recorded."""

    stream: StreamId
    work: Work
    decided: Sequence[Decided | Outcome]

    @property
    def written(self) -> set[StreamId]:
        """The streams that have events."""
        return {StreamId(event.originator_id) for event in self.work.events}

    @property
    def keys(self) -> set[tuple[str, str]]:
        """What is to be recorded under keys, by owner."""
        return {(each.key.owner, each.key.key) for each in self.work.keys}

    def unrecorded(self) -> list[Outcome]:
        """The outcomes of what is not going to be recorded."""
        return [one if isinstance(one, Outcome) else one.placed(0) for one in self.decided]


@dataclass(frozen=True, slots=True)
class _Bundle:
    """Groups that were decided one on the other, in order.

    They are recorded all or none: if one lost alone to another process, whose event has taken its version, the next
    would stand on that version without having seen it.
    """

    groups: dict[int, _Group]

    @property
    def written(self) -> set[StreamId]:
        """The streams that have events."""
        return set().union(*(group.written for group in self.groups.values()))

    def save(self) -> Save:
        """What to record."""
        whole = Work()
        for group in self.groups.values():
            whole.events += group.work.events
            whole.keys += group.work.keys
            whole.found = group.work.found | whole.found
        return whole.save(next(iter(self.groups.values())).stream)


def _bundles(groups: dict[int, _Group]) -> list[_Bundle]:
    """The groups in bundles; those are left out that use a key of an earlier one, and whoever builds on them."""
    bundles: dict[int, _Bundle] = {}
    writers: dict[StreamId, _Bundle] = {}
    left_out: set[StreamId] = set()
    taken: set[tuple[str, str]] = set()
    for index, group in groups.items():
        if group.keys & taken or group.work.found.keys() & left_out:
            left_out |= group.written
            continue
        taken |= group.keys
        bundle = bundles[index] = _Bundle({index: group})
        for stream in group.work.found:
            below = writers.get(stream, bundle)
            if below is not bundle:
                smaller, bundle = sorted((below, bundle), key=lambda one: len(one.groups))
                bundle.groups.update(smaller.groups)
                bundles.update(dict.fromkeys(smaller.groups, bundle))
                writers.update(dict.fromkeys(smaller.written, bundle))
        writers.update(dict.fromkeys(group.written, bundle))
    unique = {id(bundle): bundle for bundle in bundles.values()}
    return [_Bundle(dict(sorted(bundle.groups.items()))) for bundle in unique.values()]


class CommandHandler:
    """The one door for every change.

    `recorded` is called with the position after each append. `completing` says which commands carry an answer.
    """

    def __init__(
        self,
        ledger: Ledger,
        recorded: Callable[[int], None] = lambda _position: None,
        completing: Completing = NOTHING,
    ) -> None:
        self.ledger = ledger
        self.recorded = recorded
        self.completing = completing

    def execute(self, request: Request) -> Outcome:
        """Handle one command.

        Raises:
            Refused: a rule says no.
            VersionMismatchError, KeyReusedError, BusyError, NotAnsweredError: as their names say.
        """
        result = self.execute_groups([[request]])[0]
        if isinstance(result, Failure):
            raise result.error
        return result[0]

    def execute_groups(
        self, groups: Sequence[Sequence[Request]], *, whole: bool = False, rehearsal: Rehearsal | None = None
    ) -> list[GroupResult]:
        """Handle groups of commands in order, in one transaction; each group is recorded whole or not at all.

        `whole`: nothing is recorded where any group is refused, though each has its result.
        With a rehearsal nothing is ever recorded: outcomes have position 0, and later calls build on them.
        """
        results: dict[int, GroupResult] = {}
        if rehearsal is None:
            groups, unanswered = self.completing.completed(groups, self._now, self._answers)
            results |= unanswered
            rehearsal = Rehearsal() if whole and unanswered else None
        for attempt in range(ATTEMPTS):
            waiting = [index for index in range(len(groups)) if index not in results]
            if not waiting:
                break
            if attempt:
                # Jitter, so that those who met do not meet again.
                time.sleep(random.uniform(0, min(0.2, 0.002 * 2**attempt)))  # noqa: S311 - no secret
            results |= self._attempt(groups, waiting, whole=whole, rehearsal=rehearsal, again=attempt > 0)
        return [results.get(index, Failure(0, BusyError())) for index in range(len(groups))]

    def _now(self) -> datetime:
        return self.ledger.clock() or datetime.now(UTC)

    def _attempt(
        self,
        groups: Sequence[Sequence[Request]],
        waiting: Sequence[int],
        *,
        whole: bool,
        rehearsal: Rehearsal | None,
        again: bool,
    ) -> dict[int, GroupResult]:
        work, decided, results = patiently(lambda: self._decide(groups, waiting, rehearsal, again=again))
        if rehearsal is not None and not (whole and results):
            rehearsal.decided.states.update(work.states)
            rehearsal.decided.events += [event for group in decided.values() for event in group.work.events]
        if rehearsal is not None or (whole and results):
            return results | {index: group.unrecorded() for index, group in decided.items()}
        return results | self._record(decided, work)

    def _decide(
        self,
        groups: Sequence[Sequence[Request]],
        waiting: Sequence[int],
        rehearsal: Rehearsal | None,
        *,
        again: bool,
    ) -> tuple[Work, dict[int, _Group], dict[int, GroupResult]]:
        """The states after those who wait, what is to be recorded for them, and what was refused."""
        answers = self._answers([request for index in waiting for request in groups[index]])
        work = Work(below=rehearsal.decided if rehearsal else None)
        if len(waiting) > 1:
            touched = {POLICY, *(request.stream for index in waiting for request in groups[index])}
            work.states = self.ledger.states(stream for stream in touched if work.state(stream) is None)
        decided: dict[int, _Group] = {}
        refused: dict[int, GroupResult] = {}
        for index in waiting:
            group = self._decide_group(groups[index], Work(below=work), answers, again=again)
            if isinstance(group, Failure):
                refused[index] = group
            else:
                work.states |= group.work.states
                decided[index] = group
        return work, decided, refused

    def _record(self, groups: dict[int, "_Group"], work: Work) -> dict[int, GroupResult]:
        """Record what the groups decided; those that lost, or have to wait for another one, have no result."""
        results: dict[int, GroupResult] = {}
        saving = {index: group for index, group in groups.items() if group.work.events or group.work.keys}
        bundles = _bundles(saving)
        appended = self._append([bundle.save() for bundle in bundles])
        for bundle, result in zip(bundles, appended, strict=True):
            if isinstance(result, Appended):
                outcomes = iter(placed([one for group in bundle.groups.values() for one in group.decided], result))
                results |= {index: [next(outcomes) for _ in group.decided] for index, group in bundle.groups.items()}
        lost = {stream for index, group in saving.items() if index not in results for stream in group.written}
        for stream in {stream for group in saving.values() for stream in group.written} - lost:
            self.ledger.remember(work.states[stream])
        if len(saving) < len(groups):
            head = Appended((), self.ledger.size(), datetime.now(UTC))
            for index in groups.keys() - saving.keys():
                if not groups[index].work.found.keys() & lost:
                    results[index] = placed(groups[index].decided, head)
        return results

    def _append(self, saves: Sequence[Save]) -> Sequence[Result]:
        if not saves:
            return ()
        results = self.ledger.log_recorder.append(saves)
        self.recorded(max((result.position for result in results if isinstance(result, Appended)), default=0))
        return results

    def _answers(self, requests: Sequence[Request]) -> dict[tuple[str, str], Answer]:
        by_owner: dict[str, list[str]] = {}
        for request in requests:
            if request.key is not None:
                by_owner.setdefault(request.key.owner, []).append(request.key.key)
        return {
            (owner, key): answer
            for owner, keys in by_owner.items()
            for key, answer in self.ledger.answers(owner, keys).items()
        }

    def _decide_group(
        self, group: Sequence[Request], work: Work, answers: dict[tuple[str, str], Answer], *, again: bool
    ) -> "_Group | Failure":
        now = self._now()
        # An attempt that lost may have lost because another stream has an item with one of these ids.
        claiming = self._require_unclaimed if again else None
        decided: list[Decided | Outcome] = []
        for index, request in enumerate(group):
            try:
                answer = answers.get((request.key.owner, request.key.key)) if request.key else None
                decided.append(
                    self._repeat(request, answer)
                    if answer
                    else decide_request(request, work, self.ledger.state, now, self._recorded, claiming)
                )
            except (Refused, VersionMismatchError, KeyReusedError) as error:
                return Failure(index, error)
        return _Group(group[0].stream, work, decided)

    def _recorded(self, stream: StreamId, version: int) -> Event:
        (found,) = self.ledger.read_stream(stream, version - 1, 1)
        return found.event

    def _repeat(self, request: Request, answer: Answer) -> Outcome:
        if request.key is None or not request.key.stands_for(answer):
            raise KeyReusedError
        recorded = self.ledger.read_stream(
            StreamId(answer.stream), answer.first_version - 1, answer.last_version + 1 - answer.first_version
        )
        names = tuple(one.event.event_name for one in recorded)
        return Decided(StreamId(answer.stream), answer.last_version, answer.first_version, names).placed(
            answer.position
        )

    def _require_unclaimed(self, opened: Sequence[OpenedItem]) -> None:
        taken = self.ledger.answers(ITEMS, [item.claim.key for item in opened])
        for item in opened:
            if item.claim.key in taken:
                raise Refused(f"{item.code}.id-taken", item.field)
