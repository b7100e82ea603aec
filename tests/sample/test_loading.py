"""The sample company in a ledger: the same every time, at the times it tells of, whole even after an interruption."""

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta

import pytest

from commands.customer.profile import ConfirmProfileReviewed
from commands.person.directory import RegisterPerson
from events.catalogue import CATALOGUE
from events.customer.commitments import (
    CommitmentCorrected,
    CommitmentFellDue,
    CommitmentFulfilled,
    CommitmentMade,
    CommitmentRescheduled,
    CommitmentWaived,
)
from events.customer.complaints import ComplaintEscalated
from events.facts import FactWithdrawn
from events.recorded import Recorded
from events.vocabulary.identifiers import CommitmentId, EventId, stream_id
from services.application import Zeren
from services.handling import Request, context
from services.sample import LedgerInUseError, Sample, SimulatedClock, load
from services.sample.accounts import DONGLAN
from services.sample.chance import named
from services.sample.days import Days, midnight
from services.sample.whole import story
from services.store.ledger import Ledger
from tests.sample.company import DAY, load_into, shared

AT_LEAST = {
    "customer.interaction-logged": 1000,
    "customer.visit-recorded": 200,
    "customer.commitment-made": 150,
    "customer.commitment-fulfilled": 120,
    "customer.commitment-rescheduled": 30,
    "customer.commitment-fell-due": 30,
    "customer.complaint-received": 40,
    "customer.complaint-escalated": 10,
    "customer.complaint-waiting-started": 10,
    "customer.complaint-reopened": 3,
    "customer.survey-answer-recorded": 70,
    "responsibility.assigned": 60,
    "responsibility.handover-proposed": 5,
    "person.registered": 25,
    "customer.registered": 12,
}
"""How often what makes the company believable happens; everything else at least once."""


def log(ledger: Ledger) -> list[Recorded]:
    return ledger.read(0, 1_000_000)


@pytest.fixture(scope="module")
def loaded(postgres: str) -> Iterator[tuple[Zeren, Sample]]:
    url, sample = shared(postgres)
    with Zeren(url) as zeren:
        yield zeren, sample


@pytest.fixture(scope="module")
def events(loaded: tuple[Zeren, Sample]) -> list[Recorded]:
    return log(loaded[0].ledger)


def test_every_kind_of_event_happens_often_enough(events: list[Recorded]) -> None:
    kinds = Counter(recorded.event.event_name for recorded in events)
    assert {name: kinds[name] for name in CATALOGUE if kinds[name] < AT_LEAST.get(name, 1)} == {}
    assert 2500 <= len(events) <= 6000


def test_every_entry_is_recorded_at_the_time_it_tells_of(events: list[Recorded]) -> None:
    entries = story(DAY)
    rows = {one.context.source.row: one.recorded_at for one in events if one.context.source}
    assert rows == {row: entry.at for row, entry in enumerate(entries, 1)}


def test_the_recorded_time_never_goes_back_nor_reaches_today(events: list[Recorded]) -> None:
    times = [recorded.recorded_at for recorded in events]
    assert times == sorted(times)
    assert Days(DAY).beginning == times[0]
    assert times[-1] < midnight(DAY)


def test_everything_after_the_first_rules_is_marked_as_a_sample_and_says_who(events: list[Recorded]) -> None:
    assert {recorded.context.trust for recorded in events[4:]} == {"sample"}
    people = {recorded.stream for recorded in events if recorded.stream.startswith("person:")}
    actors = {recorded.context.actor for recorded in events[4:] if not recorded.context.actor.startswith("system:")}
    assert actors <= people


def test_what_falls_due_is_recorded_at_its_own_instant(events: list[Recorded]) -> None:
    due = {one.position: one.event.due_at for one in events if isinstance(one.event, CommitmentFellDue)}
    run_out = {
        one.position: one.event.at
        for one in events
        if isinstance(one.event, ComplaintEscalated) and one.event.clock is not None
    }
    recorded_at = {one.position: one.recorded_at for one in events}
    reopened = {one.recorded_at for one in events if isinstance(one.event, FactWithdrawn)}
    late = {position for position in due if recorded_at[position] in reopened}
    assert len(late) < len(due) / 10, "what fell due was learnt with the withdrawal of its end"
    assert {position: recorded_at[position] for position in due if position not in late} == {
        position: at for position, at in due.items() if position not in late
    }
    assert {position: recorded_at[position] for position in run_out} == run_out


def test_exactly_the_promises_that_were_open_at_their_due_time_fell_due(events: list[Recorded]) -> None:
    due: dict[CommitmentId, datetime] = {}
    ended: dict[EventId, tuple[CommitmentId, datetime | None]] = {}
    expected: set[tuple[CommitmentId, datetime]] = set()

    def pass_time(until: datetime) -> None:
        for identifier, due_at in list(due.items()):
            if due_at <= until:
                expected.add((identifier, due.pop(identifier)))

    for one in events:
        pass_time(one.recorded_at)
        match one.event:
            case CommitmentMade():
                due[one.event.commitment_id] = one.event.due_at
            case CommitmentRescheduled() if one.event.agreed:
                due[one.event.commitment_id] = one.event.due_at
            case CommitmentCorrected() if one.event.commitment_id in due:
                due[one.event.commitment_id] = one.event.due_at
            case CommitmentFulfilled() | CommitmentWaived():
                ended[one.id] = (one.event.commitment_id, due.pop(one.event.commitment_id, None))
            case FactWithdrawn() if one.event.corrects in ended:
                identifier, due_at = ended[one.event.corrects]
                if due_at is not None:
                    due[identifier] = due_at
            case _:
                pass
    pass_time(midnight(DAY))
    fell = {(one.event.commitment_id, one.event.due_at) for one in events if isinstance(one.event, CommitmentFellDue)}
    assert fell == expected


def test_the_views_follow_to_the_end_and_nothing_is_parked(loaded: tuple[Zeren, Sample]) -> None:
    zeren, _ = loaded
    size = zeren.ledger.size()
    assert zeren.views.moment(at_least=size).position == size
    assert zeren.views.rows("SELECT projection, stream, error FROM zeren.parked", {}) == []


def test_loading_again_changes_nothing_even_on_a_later_day(new_database: Callable[[], str]) -> None:
    url = new_database()
    leap_day = date(2028, 2, 29)
    sample = load_into(url, leap_day)
    with Zeren(url, projecting=False) as zeren:
        before = log(zeren.ledger)
    again = load_into(url, leap_day + timedelta(days=30))
    with Zeren(url, projecting=False) as zeren:
        assert log(zeren.ledger) == before
    assert again == sample


def test_an_interrupted_load_is_finished_by_the_next(new_database: Callable[[], str], events: list[Recorded]) -> None:
    class Interruption(Exception):
        """Somebody presses Ctrl-C."""

    def interrupt(done: int, _all: int) -> None:
        if done > 700:
            raise Interruption

    url = new_database()
    with pytest.raises(Interruption):
        load_into(url, DAY, interrupt)
    progress: list[tuple[int, int]] = []
    sample = load_into(url, DAY, lambda done, every: progress.append((done, every)))
    assert progress[0][0] > 700
    assert progress[-1] == (sample.entries, sample.entries)
    with Zeren(url, projecting=False) as zeren:
        assert log(zeren.ledger) == events


def test_two_ledgers_of_one_day_are_the_same_and_afterwards_the_store_s_own_clock_counts(
    new_database: Callable[[], str], events: list[Recorded]
) -> None:
    clock = SimulatedClock(DAY)
    with Zeren(new_database(), projecting=False, clock=clock) as zeren:
        load(zeren, clock, DAY)
        assert log(zeren.ledger) == events
        before = datetime.now(UTC)
        review = ConfirmProfileReviewed(reviewed_on=before.date())
        zeren.handler.execute(Request(DONGLAN.stream, review, context("system")))
        assert log(zeren.ledger)[-1].recorded_at >= before - timedelta(minutes=1)


def test_a_ledger_of_somebody_else_is_left_alone(new_database: Callable[[], str]) -> None:
    url = new_database()
    with Zeren(url, projecting=False) as zeren:
        somebody = stream_id("person", named("somebody"))
        zeren.handler.execute(Request(somebody, RegisterPerson(name="林静"), context("system")))
        size = zeren.ledger.size()
    with pytest.raises(LedgerInUseError):
        load_into(url, DAY)
    with Zeren(url, projecting=False) as zeren:
        assert zeren.ledger.size() == size
