"""Commands in an event loop: decided on what is remembered, confirmed by the store, without threads."""

import asyncio
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

import psycopg
import pytest

from aggregates.refusal import Refused
from events.vocabulary.identifiers import CustomerId, PersonId, StreamId, stream_id
from services.handling import KeyReusedError, Outcome, VersionMismatchError
from services.handling.deciding import POLICY
from services.handling.tasks import TOGETHER
from tests.handling.conftest import Company, Process, new_id
from tests.handling.words import assign, call, keep, let_go, promise, register_customer, register_person

pytestmark = pytest.mark.anyio


class Counting(ThreadPoolExecutor):
    """Threads for an event loop, counted."""

    used = 0

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> "Future[Any]":
        """Count, then do."""
        self.used += 1
        return super().submit(fn, *args, **kwargs)


@pytest.fixture
async def threads() -> Counting:
    """The threads of the running loop."""
    counting = Counting()
    asyncio.get_running_loop().set_default_executor(counting)
    return counting


async def test_accepted_refused_and_needless_commands_take_no_thread(
    threads: Counting, ours: Process, company: Company
) -> None:
    async with ours.taking_commands():
        news = [stream_id("customer", CustomerId(new_id())) for _ in range(20)]
        await asyncio.gather(*[ours.give(stream, register_customer("新客户")) for stream in news])
        await asyncio.gather(*[ours.give(stream, call(by=company.lin)) for stream in (*news, company.customer)])
        needless = await ours.give(company.customer, register_customer("华东电力集团"))
        keyed = await ours.give(company.customer, register_customer("华东电力集团"), key="once")
        with pytest.raises(Refused, match=r"commitment\.unknown"):
            await ours.give(company.customer, keep(new_id()))
        with pytest.raises(VersionMismatchError):
            await ours.give(company.customer, call(), expected=7)
    assert (needless.events, needless.version, keyed.events) == ((), 2, ())
    assert needless.position == ours.zeren.ledger.size()
    assert threads.used == 0


async def test_what_is_not_remembered_is_loaded_for_all_at_once(
    threads: Counting, ours: Process, other: Process, company: Company
) -> None:
    for _ in range(30):
        ours.give_by_thread(company.customer, call(by=company.lin))
    async with other.taking_commands():
        await asyncio.gather(*[other.give(company.customer, call(by=company.lin)) for _ in range(30)])
    assert 1 <= threads.used <= 4


async def test_commands_for_one_customer_at_once_are_recorded_together(ours: Process, company: Company) -> None:
    async with ours.taking_commands():
        outcomes = await asyncio.gather(*[ours.give(company.customer, call()) for _ in range(TOGETHER + 50)])
    recorded = ours.zeren.ledger.read_stream(company.customer)
    assert [one.version for one in recorded] == list(range(1, TOGETHER + 52))
    assert len({one.recorded_at for one in recorded}) <= 4
    assert [outcome.version for outcome in outcomes] == list(range(2, TOGETHER + 52))
    places = {(one.position, one.version, one.id) for one in recorded[1:]}
    assert places == {(one.position, one.version, one.events[0].id) for one in outcomes}


async def test_each_gets_its_own_answer_among_those_recorded_together(ours: Process, company: Company) -> None:
    one, unknown = new_id(), new_id()
    async with ours.taking_commands():
        results = await asyncio.gather(
            ours.give(company.customer, call()),
            ours.give(company.customer, promise(one)),
            ours.give(company.customer, keep(unknown)),
            ours.give(company.customer, promise(one)),
            ours.give(company.customer, keep(one)),
            ours.give(company.customer, promise(one, "别的")),
            return_exceptions=True,
        )
    assert [len(found.events) if isinstance(found, Outcome) else str(found) for found in results] == [
        1,
        1,
        "commitment.unknown",
        0,
        1,
        "commitment.id-taken",
    ]
    assert ours.names(company.customer)[2:] == ["customer.commitment-made", "customer.commitment-fulfilled"]


async def test_somebody_whom_another_process_let_go_is_not_assigned(
    ours: Process, other: Process, company: Company
) -> None:
    async with ours.taking_commands():
        other.give_by_thread(company.person, let_go())
        with pytest.raises(Refused, match=r"person\.inactive"):
            await ours.give(company.customer, assign(company.lin))
    assert ours.names(company.customer) == ["customer.registered"]


async def test_a_refusal_that_is_out_of_date_is_not_answered(ours: Process, other: Process, company: Company) -> None:
    one = new_id()
    async with ours.taking_commands():
        other.give_by_thread(company.customer, promise(one))
        kept = await ours.give(company.customer, keep(one))
        other.give_by_thread(company.customer, call())
        with pytest.raises(VersionMismatchError) as mismatch:
            await ours.give(company.customer, call(), expected=3)
        accepted = await ours.give(company.customer, call(), expected=4)
    assert (kept.version, mismatch.value.version, accepted.version) == (3, 4, 5)


async def test_nothing_to_do_that_is_out_of_date_is_not_answered(
    ours: Process, other: Process, company: Company
) -> None:
    contact = new_id()
    async with ours.taking_commands():
        await ours.give(company.customer, call(identifier=contact))
        other.give_by_thread(company.customer, call())
        again = await ours.give(company.customer, call(identifier=contact))
    assert (again.events, again.version, again.position) == ((), 3, ours.zeren.ledger.size())


async def test_a_person_registered_elsewhere_meanwhile_may_be_named(
    ours: Process, other: Process, company: Company
) -> None:
    wang = PersonId(new_id())
    async with ours.taking_commands():
        with pytest.raises(Refused, match=r"person\.unknown"):
            await ours.give(company.customer, assign(wang))
        other.give_by_thread(stream_id("person", wang), register_person("王伟"))
        assert (await ours.give(company.customer, assign(wang))).version == 2


async def test_who_was_decided_on_one_that_lost_is_decided_anew(
    ours: Process, other: Process, company: Company
) -> None:
    one = new_id()
    async with ours.taking_commands():
        other.give_by_thread(company.customer, call())
        await asyncio.gather(
            ours.give(company.customer, call()),
            ours.give(company.customer, promise(one)),
            ours.give(company.customer, keep(one)),
        )
    assert ours.names(company.customer)[3:] == ["customer.commitment-made", "customer.commitment-fulfilled"]


async def test_two_processes_on_one_customer_both_get_in(ours: Process, other: Process, company: Company) -> None:
    async with ours.taking_commands(), other.taking_commands():
        outcomes = await asyncio.gather(
            *[process.give(company.customer, call(by=company.lin)) for _ in range(40) for process in (ours, other)]
        )
    assert sorted(outcome.version for outcome in outcomes) == list(range(2, 82))
    assert ours.names(company.customer) == ["customer.registered"] + ["customer.interaction-logged"] * 80


async def test_a_repeated_key_gets_the_first_answer(ours: Process, company: Company) -> None:
    async with ours.taking_commands():
        first = await ours.give(company.customer, call(content="第一次"), key="k")
        with pytest.raises(KeyReusedError):
            await ours.give(company.customer, call(content="另一次"), key="k")
        one, body = new_id(), promise(new_id())
        made = await ours.give(company.customer, body, key="m")
        await ours.give(company.customer, keep(body.commitment_id))
        again = await ours.give(company.customer, body, key="m")
        at_once = await asyncio.gather(*[ours.give(company.customer, promise(one), key="n") for _ in range(5)])
    assert (first.version, made, len(set(at_once))) == (2, again, 1)
    assert ours.names(company.customer).count("customer.commitment-made") == 2


async def test_an_id_taken_by_another_customer_is_refused(ours: Process, company: Company) -> None:
    elsewhere = stream_id("customer", CustomerId(new_id()))
    one = new_id()
    async with ours.taking_commands():
        await ours.give(elsewhere, register_customer("华东水务"))
        await ours.give(elsewhere, promise(one))
        results = await asyncio.gather(
            ours.give(company.customer, call()),
            ours.give(company.customer, promise(one)),
            ours.give(company.customer, call()),
            return_exceptions=True,
        )
    assert [str(one) for one in results if isinstance(one, Exception)] == ["commitment.id-taken"]
    assert ours.names(company.customer) == ["customer.registered"] + ["customer.interaction-logged"] * 2


async def test_those_who_leave_hold_nobody_up(ours: Process, company: Company) -> None:
    async with asyncio.timeout(60), ours.taking_commands():
        calls = [asyncio.create_task(ours.give(company.customer, call())) for _ in range(6)]
        await asyncio.sleep(0)
        calls[0].cancel()
        calls[3].cancel()
        results = await asyncio.gather(*calls, return_exceptions=True)
        after = await ours.give(company.customer, call())
    left = [isinstance(one, asyncio.CancelledError) for one in results]
    assert left == [True, False, False, True, False, False]
    accepted = [one.version for one in results if isinstance(one, Outcome)]
    versions = [one.version for one in ours.zeren.ledger.read_stream(company.customer)]
    assert versions == list(range(1, len(versions) + 1))
    assert set(accepted) < set(versions)
    assert after.version == versions[-1]


async def test_readers_are_woken_once_for_all_of_a_batch(ours: Process, company: Company) -> None:
    woken: list[int] = []
    ours.zeren.wakes.append(lambda: woken.append(ours.zeren.ledger.size()))
    streams = [stream_id("customer", CustomerId(new_id())) for _ in range(64)]
    async with ours.taking_commands():
        outcomes = await asyncio.gather(*[ours.give(stream, register_customer("新客户")) for stream in streams])
        await asyncio.sleep(0.01)
    batches = {one.recorded_at for one in ours.zeren.ledger.read(outcomes[0].position - 1, 64)}
    assert 1 <= len(woken) <= len(batches) + 1
    assert woken[-1] == max(outcome.position for outcome in outcomes)


async def test_connections_that_break_lose_and_double_nothing(
    ours: Process, company: Company, database_url: str
) -> None:
    async with ours.taking_commands():
        calls = [asyncio.create_task(_one_after_another(ours, company)) for _ in range(16)]
        async with await psycopg.AsyncConnection.connect(database_url, autocommit=True) as breaking:
            for _ in range(4):
                await asyncio.sleep(0.02)
                await breaking.execute(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                    "WHERE datname = current_database() AND application_name = 'zeren-writer'"
                )
        customers = [customer for each in await asyncio.gather(*calls) for customer in each]
    for customer in customers:
        assert ours.names(customer) == ["customer.registered", "customer.interaction-logged"]
    assert ours.zeren.ledger.size() == company_size(ours) + 2 * len(customers)


async def _one_after_another(process: Process, company: Company) -> list[StreamId]:
    """Register some customers and call each once."""
    customers = [stream_id("customer", CustomerId(new_id())) for _ in range(10)]
    for customer in customers:
        await process.give(customer, register_customer("新客户"))
        await process.give(customer, call(by=company.lin))
    return customers


def company_size(process: Process) -> int:
    """The positions that the first rules, one person and one customer take."""
    return len(process.names(POLICY)) + 2
