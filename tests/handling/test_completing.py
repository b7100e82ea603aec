"""A command that carries an answer has it before it is decided, and keeps it however often it is decided."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime
from uuid import uuid4

import pytest

from commands.base import Command
from commands.responsibility import AssignResponsibility, ProposeHandover
from events.base import but
from events.recorded import Provenance
from events.responsibility import HandoverProposed
from events.vocabulary.identifiers import AssignmentId, HandoverId, PersonId, stream_id
from events.vocabulary.moves import Moves
from services.handling import Completing, Failure, NotAnsweredError, Outcome, Rehearsal, Request
from tests.handling.conftest import Company, Process, asked, new_id
from tests.handling.words import SPRING, SUMMER, call, register_person

pytestmark = pytest.mark.anyio


class Oracle:
    """Answers with how often it was asked, and counts for how many calls it was opened."""

    def __init__(self, process: Process) -> None:
        self.asked = self.opened = 0
        self.behind = False
        self.meanwhile: Callable[[], object] = lambda: None
        process.zeren.handler.completing = Completing({ProposeHandover: self.is_called_for}, self.open)

    def is_called_for(self, request: Request, now: datetime) -> bool:
        assert isinstance(request.command, ProposeHandover)
        return request.command.effective_at < now

    def open(self) -> Callable[[Request], Command]:
        self.opened += 1
        return self.answer

    def answer(self, request: Request) -> Command:
        self.asked += 1
        if self.behind:
            raise NotAnsweredError
        self.meanwhile()
        return but(request.command, moves=Moves(position=self.asked, figures=()))


@pytest.fixture
def oracle(ours: Process) -> Oracle:
    """Whom our process asks."""
    return Oracle(ours)


@pytest.fixture
def assignment(ours: Process, company: Company) -> AssignmentId:
    """林晓 is the account manager since spring."""
    identifier = AssignmentId(uuid4())
    ours.give_by_thread(
        company.customer,
        AssignResponsibility(
            assignment_id=identifier,
            role="account_manager",
            person=company.lin,
            involvement="accountable",
            since=SPRING,
        ),
    )
    return identifier


@pytest.fixture
def proposal(ours: Process, assignment: AssignmentId) -> ProposeHandover:
    """王芳 is to follow since summer, which is over."""
    wang = PersonId(new_id())
    ours.give_by_thread(stream_id("person", wang), register_person("王芳"))
    return ProposeHandover(
        handover_id=HandoverId(uuid4()), assignment_id=assignment, to_person=wang, effective_at=SUMMER, reason="补录"
    )


def proposals(process: Process, company: Company) -> list[HandoverProposed]:
    events = [one.event for one in process.zeren.ledger.read_stream(company.customer)]
    return [event for event in events if isinstance(event, HandoverProposed)]


def answers(process: Process, company: Company) -> list[int | None]:
    """The answers that were recorded."""
    return [event.moves.position if event.moves else None for event in proposals(process, company)]


async def test_both_handlers_complete_a_command(
    ours: Process, company: Company, oracle: Oracle, proposal: ProposeHandover
) -> None:
    async with ours.taking_commands():
        outcome = await ours.give(company.customer, proposal)
        again = await ours.give(company.customer, proposal)
    assert ([one.name for one in outcome.events], again.events) == (["responsibility.handover-proposed"], ())
    assert ours.give_by_thread(company.customer, proposal).events == ()
    assert answers(ours, company) == [1]
    assert oracle.asked == 3


async def test_what_has_nothing_to_ask_takes_the_short_way(
    ours: Process, company: Company, oracle: Oracle, proposal: ProposeHandover
) -> None:
    to_come = but(proposal, effective_at=datetime(2100, 1, 1, tzinfo=UTC))
    async with ours.taking_commands():
        await asyncio.gather(ours.give(company.customer, to_come), ours.give(company.customer, call()))
    ours.zeren.handler.execute_groups([[asked(company.customer, call())]])
    assert answers(ours, company) == [None]
    assert (oracle.opened, oracle.asked) == (0, 0)


async def test_a_key_that_was_used_gets_the_first_answer_and_nobody_is_asked(
    ours: Process, company: Company, oracle: Oracle, proposal: ProposeHandover
) -> None:
    async with ours.taking_commands():
        first = await ours.give(company.customer, proposal, key="once")
        ours.give_by_thread(company.customer, call())
        oracle.behind = True
        assert await ours.give(company.customer, proposal, key="once") == first
    assert ours.zeren.handler.execute(asked(company.customer, proposal, key="once")) == first
    assert (oracle.opened, oracle.asked, answers(ours, company)) == (1, 1, [1])


async def test_what_is_decided_anew_keeps_its_answer(
    ours: Process, other: Process, company: Company, oracle: Oracle, proposal: ProposeHandover
) -> None:
    append, races = ours.zeren.ledger.log_recorder.append, [1, 2, 3]

    def overtaken(saves: object) -> object:
        if races:
            races.pop()
            other.give_by_thread(company.customer, call())
        return append(saves)  # type: ignore[arg-type]

    ours.zeren.ledger.log_recorder.append = overtaken  # type: ignore[method-assign, assignment]
    async with ours.taking_commands():
        outcome = await ours.give(company.customer, proposal)
    assert (races, outcome.version) == ([], 6)
    assert (oracle.asked, answers(ours, company)) == (1, [1])


async def test_of_two_at_once_one_is_recorded_with_its_own_answer(
    ours: Process, company: Company, oracle: Oracle, proposal: ProposeHandover
) -> None:
    async with ours.taking_commands():
        found = await asyncio.gather(*[ours.give(company.customer, proposal) for _ in range(8)])
    assert sorted(len(one.events) for one in found) == [0] * 7 + [1]
    (recorded,) = answers(ours, company)
    assert recorded in range(1, 9)
    assert oracle.asked == 8


def test_what_could_not_be_answered_fails_its_own_group_and_no_other(
    ours: Process, company: Company, oracle: Oracle, proposal: ProposeHandover
) -> None:
    oracle.behind = True
    groups = [
        [asked(company.customer, call()), asked(company.customer, proposal), asked(company.customer, proposal)],
        [asked(company.person, register_person("林晓"))],
    ]
    failed, done = ours.zeren.handler.execute_groups(groups)
    assert isinstance(failed, Failure)
    assert (failed.index, type(failed.error), oracle.asked) == (1, NotAnsweredError, 1)
    assert [isinstance(one, Outcome) for one in done] == [True]  # type: ignore[union-attr]
    assert ours.names(company.customer)[1:] == ["responsibility.assigned"]
    with pytest.raises(NotAnsweredError):
        ours.give_by_thread(company.customer, proposal)
    newcomer = stream_id("person", PersonId(new_id()))
    ours.zeren.handler.execute_groups([*groups[:1], [asked(newcomer, register_person("周敏"))]], whole=True)
    assert ours.names(newcomer) == []


def test_the_commands_of_one_call_are_answered_together(
    ours: Process, company: Company, oracle: Oracle, proposal: ProposeHandover
) -> None:
    ours.zeren.handler.execute_groups([[asked(company.customer, proposal)], [asked(company.customer, proposal)]])
    assert (oracle.opened, oracle.asked, answers(ours, company)) == (1, 2, [1])


def test_what_is_rehearsed_or_comes_from_a_file_is_left_as_it_is(
    ours: Process, company: Company, oracle: Oracle, proposal: ProposeHandover
) -> None:
    plain = asked(company.customer, proposal)
    (rehearsed,) = ours.zeren.handler.execute_groups([[plain]], rehearsal=Rehearsal())
    assert not isinstance(rehearsed, Failure)
    source = Provenance(batch="handovers.csv", row=2)
    ours.zeren.handler.execute(plain._replace(context=but(plain.context, source=source)))
    assert (oracle.asked, answers(ours, company)) == (0, [None])
