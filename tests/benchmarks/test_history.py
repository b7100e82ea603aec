"""A made-up company of any size is a history like any other: it can be read, folded, shown, proven and continued."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, datetime
from uuid import uuid4

import pytest

from aggregates.customer.state import Customer
from aggregates.decider import State, evolve, initial
from aggregates.refusal import Refused
from benchmarks.history import History, begin
from commands.customer.interactions import LogInteraction
from events.catalogue import CATALOGUE
from events.customer.commitments import CommitmentCorrected
from events.customer.interactions import InteractionLogged
from events.recorded import Context, Recorded
from events.responsibility import ResponsibilityCorrected, ResponsibilityWithdrawn
from events.vocabulary.identifiers import InteractionId, StreamId
from services.application import Zeren
from services.handling import Request
from services.store.reading.verifying import verify

SIZE = 8_000


@pytest.fixture
def zeren(database_url: str) -> Iterator[Zeren]:
    """A ledger that was filled in two steps, in the middle of whose second one territories follow on others."""
    begin(database_url)
    with Zeren(database_url, projecting=False) as opened:
        history = History(opened.database, at_a_time=2)
        history.fill(1_500)
        history.fill(SIZE)
        yield opened


def folded(events: list[Recorded]) -> dict[StreamId, State]:
    states: dict[StreamId, State] = {}
    versions: dict[StreamId, int] = defaultdict(int)
    for recorded in events:
        versions[recorded.stream] += 1
        assert recorded.version == versions[recorded.stream]
        states[recorded.stream] = evolve(states.get(recorded.stream) or initial(recorded.stream), recorded.event)
    return states


def test_it_is_read_folded_and_taken_by_every_view(zeren: Zeren) -> None:
    events = zeren.ledger.read(0, 2 * SIZE)
    assert len(events) == zeren.ledger.size() == SIZE
    states = folded(events)
    customers = [state for state in states.values() if isinstance(state, Customer)]
    assert len(customers) == 32
    assert all(customer.registered for customer in customers)
    assert {recorded.event.event_name for recorded in events} >= CATALOGUE.keys() - {
        "person.deactivated",
        "project.rejected",
        "responsibility.handover-cancelled",
        "responsibility.handover-lapsed",
    }
    assert zeren.runner.catch_up() == SIZE
    assert zeren.database.rows("SELECT * FROM zeren.parked") == []
    assert zeren.views.position() == SIZE


def test_times_and_ids_are_those_of_a_real_log(zeren: Zeren) -> None:
    events = zeren.ledger.read(0, 2 * SIZE)
    times = [recorded.recorded_at for recorded in events]
    assert times == sorted(times)
    assert all(recorded.occurred_at <= recorded.recorded_at for recorded in events)
    assert len({recorded.id for recorded in events}) == SIZE
    corrections = [
        recorded.event.corrects
        for recorded in events
        if isinstance(recorded.event, ResponsibilityCorrected | ResponsibilityWithdrawn | CommitmentCorrected)
    ]
    assert corrections
    assert set(corrections) <= {recorded.id for recorded in events}


def test_the_head_names_what_was_recorded(zeren: Zeren) -> None:
    assert verify(zeren.database).holds
    head, last = zeren.database.rows(
        "SELECT recorded_at FROM zeren.log_head UNION ALL "
        "(SELECT recorded_at FROM zeren.log ORDER BY notification_id DESC LIMIT 1)"
    )
    assert head == last


def test_commands_continue_it_and_ids_stay_unique(zeren: Zeren) -> None:
    calls = {
        recorded.stream: recorded.event
        for recorded in zeren.ledger.read(0, SIZE)
        if isinstance(recorded.event, InteractionLogged)
    }
    (here, _), (_, elsewhere), *_ = calls.items()
    command = LogInteraction(
        interaction_id=InteractionId(uuid4()),
        at=datetime(2024, 1, 2, tzinfo=UTC),
        channel="call",
        direction="inbound",
        our_attendees=(),
        content="问到货时间",
        result="已答复",
    )
    outcome = zeren.handler.execute(Request(here, command, Context(actor="system")))
    assert outcome.position == SIZE + 1
    taken = command.model_copy(update={"interaction_id": elsewhere.interaction_id})
    with pytest.raises(Refused, match="id-taken"):
        zeren.handler.execute(Request(here, taken, Context(actor="system")))
