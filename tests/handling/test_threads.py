"""Groups that are decided one on the other are recorded one on the other, or not at all."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import datetime

import pytest

from events.vocabulary.identifiers import CustomerId, stream_id
from services.application import Zeren
from services.handling import Failure
from tests.handling.conftest import Company, Process, asked, new_id
from tests.handling.words import call, keep, promise, register_customer


@pytest.fixture
def raced(database_url: str, ours: Process) -> Iterator[Callable[[Callable[[], object]], Process]]:
    """Opens a process that something happens to between reading and recording."""
    with ExitStack() as opened:

        def make(happening: Callable[[], object]) -> Process:
            pending: list[Callable[[], object]] = []

            def clock() -> datetime | None:
                if pending:
                    pending.pop()()
                return None

            process = Process(opened.enter_context(Zeren(database_url, projecting=False, clock=clock)))
            pending.append(happening)
            return process

        yield make


def test_what_was_decided_on_one_that_lost_is_decided_anew(
    raced: Callable[[Callable[[], object]], Process], ours: Process, company: Company
) -> None:
    one, elsewhere = new_id(), stream_id("customer", CustomerId(new_id()))
    process = raced(lambda: ours.give_by_thread(company.customer, call(content="别人先到")))
    results = process.zeren.handler.execute_groups(
        [
            [asked(elsewhere, register_customer("华东水务"))],
            [asked(company.customer, promise(one))],
            [asked(elsewhere, call())],
            [asked(company.customer, keep(one))],
        ]
    )
    outcomes = [outcome for result in results if not isinstance(result, Failure) for outcome in result]
    assert [outcome.version for outcome in outcomes] == [1, 3, 2, 4]
    assert ours.names(company.customer)[1:] == [
        "customer.interaction-logged",
        "customer.commitment-made",
        "customer.commitment-fulfilled",
    ]
    logged = {(one.stream, one.version): one.position for one in ours.zeren.ledger.read(0, 1000)}
    assert [outcome.position for outcome in outcomes] == [logged[one.stream, one.version] for one in outcomes]


def test_groups_with_one_key_get_one_answer(ours: Process, company: Company) -> None:
    made = promise(new_id())
    results = ours.zeren.handler.execute_groups(
        [
            [asked(company.customer, made, key="k")],
            [asked(company.customer, made, key="k")],
            [asked(company.customer, keep(made.commitment_id))],
        ]
    )
    assert results[0] == results[1]
    remembered = ours.zeren.ledger.remembered(company.customer)
    assert remembered is not None
    assert remembered.version == len(ours.names(company.customer))


def test_a_state_that_was_not_recorded_is_not_remembered(ours: Process, company: Company) -> None:
    results = ours.zeren.handler.execute_groups(
        [
            [asked(company.customer, call(content="第一次"), key="k")],
            [asked(company.customer, call(content="另一次"), key="k")],
        ]
    )
    assert [isinstance(result, Failure) for result in results] == [False, True]
    remembered = ours.zeren.ledger.remembered(company.customer)
    assert remembered is not None
    assert remembered.version <= 2


def test_nothing_to_do_may_build_on_what_the_same_call_does(ours: Process, company: Company) -> None:
    made = promise(new_id())
    results = ours.zeren.handler.execute_groups(
        [
            [asked(company.customer, made)],
            [asked(company.customer, made)],
            [asked(company.customer, keep(made.commitment_id))],
        ]
    )
    assert [len(result) for result in results if not isinstance(result, Failure)] == [1, 1, 1]
    assert ours.names(company.customer)[1:] == ["customer.commitment-made", "customer.commitment-fulfilled"]
