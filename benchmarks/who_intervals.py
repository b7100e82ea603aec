"""Fills a ledger with intervals of responsibility: many customers with a few, and one customer with a tenth of all."""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import islice
from uuid import UUID

import psycopg
from eventsourcing.persistence import StoredEvent

from events.base import Event
from events.recorded import Context
from events.responsibility import ResponsibilityAssigned, ResponsibilityCorrected, ResponsibilityEnded
from events.vocabulary.identifiers import AssignmentId, PersonId, StreamId, event_id
from projections.responsibility.rows import PROJECTION
from services.application import Zeren
from services.projector.rebuild import rebuild
from services.projector.runner import Runner
from services.store.mapper import encode
from services.store.writing.saves import Appended, Save

START = datetime(2015, 1, 1, tzinfo=UTC)
SPAN = timedelta(days=3_650)
"""The effective times lie within these years."""
LARGE = StreamId("customer:00000000-0000-4000-8000-000000000001")
"""The customer with a tenth of all intervals, all of one role."""
ROLES = ("account_manager", "team_lead", "technical_support", "after_sales")
EACH = 5
"""Intervals of each role of a customer."""
CORRECTIONS = 10_000
RECORDED = datetime(2025, 1, 1, tzinfo=UTC)
"""When recording began; every position takes a millisecond."""
_TOGETHER = 5_000
_CONTEXT = Context(actor="system")


@dataclass
class _Holder:
    """Who holds a role at the moment of the story, and whether the end was said at the start."""

    assignment: AssignmentId
    open_ended: bool


@dataclass
class Intervals:
    """What a ledger was filled with."""

    size: int
    chance: random.Random = field(default_factory=lambda: random.Random(20250310))  # noqa: S311 - a seeded story
    customers: list[StreamId] = field(default_factory=list)
    recorded: int = 0
    _versions: dict[str, int] = field(default_factory=dict)
    _assigned: list[tuple[AssignmentId, int, datetime, datetime]] = field(default_factory=list)
    """Of the large customer: assignment, version, since, until."""

    def fill(self, url: str) -> None:
        """Record everything, make the view of it, and let PostgreSQL look at what came of it."""
        with Zeren(url, projecting=False, clock=self._clock) as zeren:
            self._record(zeren, self._story())
            rebuild(zeren.ledger, PROJECTION)
        _analyze(url)

    def correct(self, url: str) -> None:
        """Record 10,000 corrections (in small ledgers as many as intervals) of the large customer, a tenth of one."""
        with Zeren(url, projecting=False, clock=self._clock) as zeren:
            self._record(zeren, self._corrections())
            Runner(zeren.ledger, [PROJECTION]).catch_up()
        _analyze(url)

    def instant(self) -> datetime:
        """Any effective time."""
        return START + self.chance.random() * SPAN

    def _clock(self) -> datetime:
        return RECORDED + timedelta(milliseconds=self.recorded)

    def _record(self, zeren: Zeren, events: Iterator[StoredEvent]) -> None:
        while some := list(islice(events, _TOGETHER)):
            self.recorded += len(some)
            result = zeren.ledger.log_recorder.append([Save(StreamId(str(some[0].originator_id)), some)])[0]
            if not isinstance(result, Appended):
                raise result

    def _story(self) -> Iterator[StoredEvent]:
        """All intervals in the order of their beginnings, those of the large customer in between."""
        large = self.size // 10
        self.customers = [
            StreamId(f"customer:{self._uuid()}") for _ in range((self.size - large) // (len(ROLES) * EACH))
        ]
        parts = large // EACH
        holding: dict[tuple[StreamId, str], _Holder] = {}
        turns = len(self.customers) * len(ROLES)
        length = SPAN / EACH
        done = 0
        for turn in range(EACH):
            for number in range(turns):
                customer, role = self.customers[number // len(ROLES)], ROLES[number % len(ROLES)]
                since = START + (turn + number / turns) * length
                yield from self._next(holding, customer, role, since, since + length)
                due = turn * parts + parts * (number + 1) // turns
                while done < due:
                    yield from self._next(
                        holding, LARGE, ROLES[0], START + done * SPAN / large, START + (done + 1) * SPAN / large
                    )
                    done += 1

    def _next(
        self,
        holding: dict[tuple[StreamId, str], _Holder],
        stream: StreamId,
        role: str,
        since: datetime,
        until: datetime,
    ) -> Iterator[StoredEvent]:
        """The next interval of a role: half of them have no end until the next one begins."""
        before = holding.get((stream, role))
        if before is not None and before.open_ended:
            yield self._stored(stream, ResponsibilityEnded(assignment_id=before.assignment, until=since))
        holder = _Holder(AssignmentId(self._uuid()), open_ended=self.chance.random() < 1 / 2)
        holding[stream, role] = holder
        yield self._stored(
            stream,
            ResponsibilityAssigned(
                assignment_id=holder.assignment,
                subject="self",
                role=role,
                person=self._person(),
                involvement="accountable",
                since=since,
                until=None if holder.open_ended else until,
                exclusive=True,
            ),
        )
        if stream == LARGE:
            self._assigned.append((holder.assignment, self._versions[stream], since, until))

    def _corrections(self) -> Iterator[StoredEvent]:
        favourite = self._assigned[len(self._assigned) // 2]
        known = self._assigned[:-1]
        for number in range(min(CORRECTIONS, len(self._assigned))):
            assignment, version, since, until = favourite if number % 10 == 0 else self.chance.choice(known)
            yield self._stored(
                LARGE,
                ResponsibilityCorrected(
                    assignment_id=assignment,
                    corrects=event_id(LARGE, version),
                    person=self._person(),
                    since=since,
                    until=until,
                ),
            )

    def _stored(self, stream: StreamId, event: Event) -> StoredEvent:
        version = self._versions[stream] = self._versions.get(stream, 0) + 1
        return StoredEvent(stream, version, event.event_name, encode(event, _CONTEXT))

    def _uuid(self) -> UUID:
        return UUID(int=self.chance.getrandbits(128), version=4)

    def _person(self) -> PersonId:
        return PersonId(UUID(int=self.chance.randrange(500), version=4))


def _analyze(url: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("VACUUM (ANALYZE) zeren.log, zeren.checkpoint, view_responsibility.holdings")
