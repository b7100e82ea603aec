"""Decides one request after another on states that somebody else has read, and says what is to be recorded."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from typing import NamedTuple, TypeVar, cast
from uuid import UUID

from aggregates.circumstances import Circumstances
from aggregates.decider import State, decide, fold
from aggregates.person.state import Person
from aggregates.policy.state import Policy
from aggregates.refusal import Refused
from events.base import Event, but
from events.recorded import Actor, Context
from events.vocabulary.identifiers import (
    COMPANY_POLICY,
    CustomerId,
    PersonId,
    StreamId,
    event_id,
    stream_id,
)
from services.handling.requests import (
    Condition,
    KeyReusedError,
    Outcome,
    RecordedEvent,
    Request,
    VersionMismatchError,
)
from services.store.mapper import EventMapper, StreamEvent
from services.store.writing.saves import Appended, Key, KeyedVersions, Save

ITEMS = "items"
"""Owner of the keys that make the ids of items unique in the whole ledger; no actor is called so."""
POLICY = stream_id("policy", COMPANY_POLICY)
_MAPPER = EventMapper()

T = TypeVar("T")
Read = Callable[[StreamId], State]
"""The state of a stream that no decision has touched yet."""


class Decided(NamedTuple):
    """What a request came to before it was recorded."""

    stream: StreamId
    version: int
    """The stream's version afterwards."""
    first: int
    """The version of the first event."""
    names: tuple[str, ...]
    """The names of the events."""

    def placed(self, position: int) -> Outcome:
        """The outcome, once the log has given a position."""
        events = [
            RecordedEvent(event_id(self.stream, version), name, version)
            for version, name in enumerate(self.names, self.first)
        ]
        return Outcome(self.stream, self.version, position, tuple(events))


class OpenedItem(NamedTuple):
    """An item that an event opens, and the claim to its id."""

    code: str
    """What its refusals begin with."""
    field: str
    claim: Key
    version: int


@dataclass(slots=True)
class Work:
    """States as decided so far, and what one save is to record; it works on top of the states of those before it."""

    below: "Work | None" = None
    states: dict[StreamId, State] = field(default_factory=dict)
    events: list[StreamEvent] = field(default_factory=list)
    keys: list[KeyedVersions] = field(default_factory=list)
    found: dict[StreamId, int] = field(default_factory=dict)
    """The versions that the streams had which the decisions read."""

    def state(self, stream: StreamId) -> State | None:
        """The state as decided so far; none where it was not touched."""
        found = self.states.get(stream)
        return self.below.state(stream) if found is None and self.below else found

    def event(self, stream: StreamId, version: int) -> Event | None:
        """An event that is to be recorded with this; none where it is recorded already."""
        for one in self.events:
            if (one.originator_id, one.originator_version) == (stream, version):
                return one.event
        return self.below.event(stream, version) if self.below else None

    def look(self, stream: StreamId, read: Read) -> State:
        """The state to decide on: as decided so far, else as read."""
        state = self.state(stream)
        if state is None:
            state = self.states[stream] = read(stream)
        self.found.setdefault(stream, state.version)
        return state

    def save(self, stream: StreamId) -> Save:
        """What to record, valid only while all that was read and is not written still stands where it stood."""
        written = {event.originator_id for event in self.events}
        return Save(
            stream,
            [_MAPPER.to_stored_event(event) for event in self.events],
            self.keys,
            [(read, version) for read, version in self.found.items() if read not in written],
        )


def decide_request(
    request: Request,
    work: Work,
    read: Read,
    now: datetime,
    recorded: Callable[[StreamId, int], Event] | None = None,
    claiming: Callable[[Sequence[OpenedItem]], None] | None = None,
) -> Decided:
    """Decide one request on top of what was decided before it, and add what it leads to.

    `recorded` reads an event that is put right; `claiming` may refuse the ids of items. Nothing is added where anything
    is raised.

    Raises:
        Refused: a rule says no.
        VersionMismatchError, KeyReusedError: as their names say.
    """
    stream = request.stream
    state = work.look(stream, read)
    before = state.version
    expected = request.expected_version
    if expected is not None and expected != before and not (isinstance(expected, Condition) and expected.holds(before)):
        raise VersionMismatchError(before)
    events = decide(request.command, state, _circumstances(request, work, read, now, recorded))
    opened = list(_opened_items(events, before + 1))
    if opened and claiming is not None:
        claiming(opened)
    _require_unrepeated(request, opened, work)
    after = fold(state, events)
    context = _with_occurrence(request, events)
    work.states[stream] = after
    work.events += [StreamEvent(stream, version, event, context) for version, event in enumerate(events, before + 1)]
    last = before + len(events)
    if request.key is not None:
        work.keys.append(KeyedVersions(request.key, before + 1, last, stream))
    work.keys += [KeyedVersions(key, before + 1, before, stream) for key in request.further_keys]
    work.keys += [KeyedVersions(item.claim, item.version, item.version, stream) for item in opened]
    return Decided(stream, last, before + 1, tuple(event.event_name for event in events))


def placed(decided: Sequence[Decided | T], appended: Appended) -> list[Outcome | T]:
    """Outcomes with the positions they got, in order; what was not recorded here stays as it is."""
    outcomes: list[Outcome | T] = []
    reached = 0
    for one in decided:
        if not isinstance(one, Decided):
            outcomes.append(one)
        elif one.names:
            reached += len(one.names)
            outcomes.append(one.placed(appended.positions[reached - 1]))
        else:
            outcomes.append(one.placed(appended.position))
    return outcomes


def _circumstances(
    request: Request, work: Work, read: Read, now: datetime, recorded: Callable[[StreamId, int], Event] | None
) -> Circumstances:
    def person(identifier: PersonId) -> Person:
        return cast("Person", work.look(stream_id("person", identifier), read))

    def customer_exists(identifier: CustomerId) -> bool:
        return work.look(stream_id("customer", identifier), read).version > 0

    def policy() -> Policy:
        return cast("Policy", work.look(POLICY, read))

    def event(version: int) -> Event:
        found = work.event(request.stream, version)
        if found is None and recorded is not None:
            found = recorded(request.stream, version)
        if found is None:
            raise LookupError("nobody reads recorded events here")
        return found

    context = request.context
    return Circumstances(
        now,
        policy,
        person,
        customer_exists,
        event,
        actor=_person(context.actor),
        on_behalf_of=context.on_behalf_of,
        imported=context.source is not None,
    )


@lru_cache(maxsize=10_000)
def _person(actor: Actor) -> PersonId | None:
    kind, _, identifier = actor.partition(":")
    return PersonId(UUID(identifier)) if kind == "person" else None


def _opened_items(events: Sequence[Event], first_version: int) -> Iterator[OpenedItem]:
    for version, event in enumerate(events, first_version):
        kind = event.about
        if event.opens and kind is not None:
            claim = Key(ITEMS, f"{kind.ids}:{getattr(event, kind.field)}", b"")
            yield OpenedItem(kind.code, kind.field, claim, version)


def _require_unrepeated(request: Request, opened: Sequence[OpenedItem], work: Work) -> None:
    """Refuse a key or an item's id that an earlier command of the same save has used."""
    if not work.keys:
        return
    taken = {(keyed.key.owner, keyed.key.key) for keyed in work.keys}
    for item in opened:
        if (item.claim.owner, item.claim.key) in taken:
            raise Refused(f"{item.code}.id-taken", item.field)
    if request.key is not None and (request.key.owner, request.key.key) in taken:
        raise KeyReusedError


def _with_occurrence(request: Request, events: Sequence[Event]) -> Context:
    """The context with what the command says of itself, and with when the first event happened."""
    command, context = request.command, request.context
    occurred_at = command.occurred_at or (events[0].instant if events else None)
    reason = command.reason or context.reason
    if (occurred_at, reason) == (context.occurred_at, context.reason):
        return context
    return but(context, occurred_at=occurred_at, reason=reason)
