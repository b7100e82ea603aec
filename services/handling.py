"""Handles commands: reads the state, lets the rules decide, records the events, all or nothing per group."""

import random
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import cast
from uuid import uuid4

from aggregates.circumstances import Circumstances
from aggregates.decider import State, decide, fold
from aggregates.person.state import Person
from aggregates.policy.state import Policy
from aggregates.refusal import Refused
from commands.base import Command
from events.base import Event
from events.catalogue import OPENS_ITEM
from events.recorded import Actor, Context
from events.vocabulary.identifiers import (
    COMPANY_POLICY,
    CustomerId,
    EventId,
    PersonId,
    StreamId,
    event_id,
    stream_id,
)
from services.store.ledger import Ledger
from services.store.mapper import EventMapper, StreamEvent
from services.store.saves import Answer, Appended, Key, KeyedVersions, Result, Save

ATTEMPTS = 30
_INSTANTS = ("at", "visited_at", "fulfilled_at", "received_at", "answered_at")
_MAPPER = EventMapper()
_ITEMS = "items"
"""Owner of the keys that make the ids of items unique in the whole ledger; no actor is called so."""
_POLICY = stream_id("policy", COMPANY_POLICY)


class VersionMismatchError(Exception):
    """The stream is not at the version that the sender expected."""

    def __init__(self, version: int) -> None:
        super().__init__(f"the stream is at version {version}")
        self.version = version


class KeyReusedError(Exception):
    """The idempotency key was used before, for another request."""


class BusyError(Exception):
    """Too many others changed the stream at the same time."""


@dataclass(frozen=True, slots=True)
class Request:
    """One command for one stream, with who gives it and under which conditions."""

    stream: StreamId
    command: Command
    context: Context
    expected_version: int | None = None
    key: Key | None = None
    further_keys: tuple[Key, ...] = ()
    """Keys to record with the first: of requests to which there was nothing to do."""


@dataclass(frozen=True, slots=True)
class RecordedEvent:
    """An event that a command led to."""

    id: EventId
    name: str
    version: int


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a command came to; no events where there was nothing to do."""

    stream: StreamId
    version: int
    """The stream's version after the command."""
    position: int
    """The log position by which a view shows the outcome."""
    events: tuple[RecordedEvent, ...]


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a group of commands was not recorded: the index of the command at fault, and what is wrong."""

    index: int
    error: Refused | VersionMismatchError | KeyReusedError | BusyError


GroupResult = list[Outcome] | Failure


@dataclass
class _Work:
    """States as decided so far, and what one group is to record; it works on top of the states of those before it."""

    below: "_Work | None" = None
    states: dict[StreamId, State] = field(default_factory=dict)
    events: list[StreamEvent] = field(default_factory=list)
    keys: list[KeyedVersions] = field(default_factory=list)

    def state(self, stream: StreamId) -> State | None:
        """The state as decided so far; none where it was not touched."""
        found = self.states.get(stream)
        return self.below.state(stream) if found is None and self.below else found


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """What groups would come to that are decided one call after another and never recorded."""

    decided: _Work = field(default_factory=_Work)


@dataclass(frozen=True, slots=True)
class _OpenedItem:
    """An item that an event opens, and the claim to its id."""

    kind: str
    field: str
    claim: Key
    version: int


class CommandHandler:
    """The one door for every change. `recorded` is called with the position after each append."""

    def __init__(self, ledger: Ledger, recorded: Callable[[int], None] = lambda _position: None) -> None:
        self.ledger = ledger
        self.recorded = recorded

    def execute(self, request: Request) -> Outcome:
        """Handle one command.

        Raises:
            Refused: a rule says no.
            VersionMismatchError, KeyReusedError, BusyError: as their names say.
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
        for attempt in range(ATTEMPTS):
            waiting = [index for index in range(len(groups)) if index not in results]
            if not waiting:
                break
            if attempt:
                # Jitter, so that those who met do not meet again.
                time.sleep(random.uniform(0, min(0.2, 0.002 * 2**attempt)))  # noqa: S311 - no secret
            results |= self._attempt(groups, waiting, whole=whole, rehearsal=rehearsal, again=attempt > 0)
        return [results.get(index, Failure(0, BusyError())) for index in range(len(groups))]

    def _attempt(
        self,
        groups: Sequence[Sequence[Request]],
        waiting: Sequence[int],
        *,
        whole: bool,
        rehearsal: Rehearsal | None,
        again: bool,
    ) -> dict[int, GroupResult]:
        answers = self._answers([request for index in waiting for request in groups[index]])
        work = _Work(below=rehearsal.decided if rehearsal else None)
        if len(waiting) > 1:
            touched = {_POLICY, *(request.stream for index in waiting for request in groups[index])}
            work.states = self.ledger.states(stream for stream in touched if work.state(stream) is None)
        results: dict[int, GroupResult] = {}
        decided: dict[int, _Work] = {}
        for index in waiting:
            group = _Work(below=work)
            results[index] = self._decide_group(groups[index], group, answers, again=again)
            if not isinstance(results[index], Failure):
                work.states |= group.states
                decided[index] = group
        if whole and len(decided) < len(waiting):
            return results
        if rehearsal is not None:
            rehearsal.decided.states.update(work.states)
            return results
        self._record(groups, results, decided, work)
        return results

    def _record(
        self,
        groups: Sequence[Sequence[Request]],
        results: dict[int, GroupResult],
        decided: dict[int, _Work],
        work: _Work,
    ) -> None:
        """Record what the groups decided, one save each; results get their positions, those that lost are dropped."""
        saving = [index for index, group in decided.items() if group.events or group.keys]
        appended = dict(
            zip(saving, self._append([_save(groups[index], decided[index]) for index in saving]), strict=True)
        )
        head = self.ledger.size() if len(saving) < len(decided) else 0
        lost: set[StreamId] = set()
        for index, group in decided.items():
            outcomes = results[index]
            result = appended.get(index, Appended((), head, datetime.now(UTC)))
            if isinstance(outcomes, Failure) or not isinstance(result, Appended):
                del results[index]
                lost |= group.states.keys()
            else:
                results[index] = _placed(outcomes, result)
        for stream in {event.originator_id for index in saving for event in decided[index].events} - lost:
            self.ledger.remember(work.states[StreamId(stream)])

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
        self, group: Sequence[Request], work: _Work, answers: dict[tuple[str, str], Answer], *, again: bool
    ) -> GroupResult:
        outcomes: list[Outcome] = []
        for index, request in enumerate(group):
            try:
                answer = answers.get((request.key.owner, request.key.key)) if request.key else None
                outcomes.append(self._repeat(request, answer) if answer else self._decide(request, work, again=again))
            except (Refused, VersionMismatchError, KeyReusedError) as error:
                return Failure(index, error)
        return outcomes

    def _repeat(self, request: Request, answer: Answer) -> Outcome:
        if request.key is None or request.key.fingerprint != answer.fingerprint:
            raise KeyReusedError
        names = {
            recorded.version: recorded.event.event_name
            for recorded in self.ledger.read_stream(
                StreamId(answer.stream), answer.first_version - 1, answer.last_version + 1 - answer.first_version
            )
        }
        return _outcome(StreamId(answer.stream), answer.last_version, answer.position, names)

    def _decide(self, request: Request, work: _Work, *, again: bool) -> Outcome:
        state = self._state(request.stream, work)
        if request.expected_version is not None and request.expected_version != state.version:
            raise VersionMismatchError(state.version)
        events = decide(request.command, state, self._circumstances(work))
        opened = list(_opened_items(events, state.version + 1))
        if again and opened:
            # The attempt before lost to somebody; perhaps because another stream has an item with one of these ids.
            self._require_unclaimed(opened)
        self._require_unrepeated(request, opened, work)
        context = _with_occurrence(request)
        work.states[request.stream] = fold(state, events)
        last = state.version + len(events)
        work.events += [
            StreamEvent(request.stream, version, event, context)
            for version, event in enumerate(events, state.version + 1)
        ]
        keyed = [(key, state.version) for key in request.further_keys]
        if request.key is not None:
            keyed.insert(0, (request.key, last))
        work.keys += [KeyedVersions(key, state.version + 1, until, request.stream) for key, until in keyed]
        work.keys += [KeyedVersions(item.claim, item.version, item.version, request.stream) for item in opened]
        names = {version: event.event_name for version, event in enumerate(events, state.version + 1)}
        return _outcome(request.stream, last, 0, names)

    def _require_unrepeated(self, request: Request, opened: Sequence[_OpenedItem], work: _Work) -> None:
        """Refuse a key or an item's id that an earlier command of the same group has used."""
        taken = {(keyed.key.owner, keyed.key.key) for keyed in work.keys}
        for item in opened:
            if (item.claim.owner, item.claim.key) in taken:
                raise Refused(f"{item.kind}.id-taken", item.field)
        if request.key is not None and (request.key.owner, request.key.key) in taken:
            raise KeyReusedError

    def _require_unclaimed(self, opened: Sequence[_OpenedItem]) -> None:
        taken = self.ledger.answers(_ITEMS, [item.claim.key for item in opened])
        for item in opened:
            if item.claim.key in taken:
                raise Refused(f"{item.kind}.id-taken", item.field)

    def _state(self, stream: StreamId, work: _Work) -> State:
        state = work.state(stream)
        if state is None:
            state = work.states[stream] = self.ledger.state(stream)
        return state

    def _circumstances(self, work: _Work) -> Circumstances:
        def person(identifier: PersonId) -> Person:
            # Never the remembered state alone: another process may have recorded that the person left.
            return cast("Person", self._state(stream_id("person", identifier), work))

        def customer_exists(identifier: CustomerId) -> bool:
            return self._state(stream_id("customer", identifier), work).version > 0

        return Circumstances(
            now=self.ledger.clock() or datetime.now(UTC),
            policy=cast("Policy", self._state(_POLICY, work)),
            person=person,
            customer_exists=customer_exists,
        )


def _opened_items(events: Sequence[Event], first_version: int) -> Iterator[_OpenedItem]:
    for version, event in enumerate(events, first_version):
        if type(event) in OPENS_ITEM:
            kind, field = OPENS_ITEM[type(event)]
            # Assignments and delegations stand side by side wherever somebody holds something.
            space = "responsibility" if kind == "delegation" else kind
            yield _OpenedItem(kind, field, Key(_ITEMS, f"{space}:{getattr(event, field)}", b""), version)


def _outcome(stream: StreamId, version: int, position: int, names: dict[int, str]) -> Outcome:
    return Outcome(
        stream, version, position, tuple(RecordedEvent(event_id(stream, at), name, at) for at, name in names.items())
    )


def _save(group: Sequence[Request], work: _Work) -> Save:
    return Save(group[0].stream, [_MAPPER.to_stored_event(event) for event in work.events], work.keys)


def _placed(outcomes: Sequence[Outcome], appended: Appended) -> list[Outcome]:
    """Outcomes with the positions they got, in order; one that was answered from its key has one already."""
    placed = []
    positions = iter(appended.positions)
    for outcome in outcomes:
        own = outcome if outcome.position else replace(outcome, position=appended.position)
        if not outcome.position and outcome.events:
            own = replace(outcome, position=[next(positions) for _ in outcome.events][-1])
        placed.append(own)
    return placed


def _with_occurrence(request: Request) -> Context:
    occurred_at = request.command.occurred_at
    for name in _INSTANTS:
        if occurred_at is None:
            occurred_at = getattr(request.command, name, None)
    return request.context.model_copy(
        update={"occurred_at": occurred_at, "reason": request.command.reason or request.context.reason}
    )


def context(actor: Actor, on_behalf_of: PersonId | None = None) -> Context:
    """The context of a command that somebody gives now, with a correlation id of its own."""
    return Context(actor=actor, on_behalf_of=on_behalf_of, correlation_id=uuid4())
