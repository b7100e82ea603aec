"""What is recorded together keeps the order it was decided in, and stays together."""

from uuid import uuid4

from commands.customer.profile import RegisterCustomer
from commands.customer.tier import AssignTier
from commands.person.directory import RegisterPerson
from commands.responsibility import AssignResponsibility
from events.vocabulary.identifiers import AssignmentId, CustomerId, PersonId, stream_id
from services.application import Zeren
from services.handling import Failure, Request, VersionMismatchError, context


def test_a_person_is_registered_before_anything_names_him(zeren: Zeren) -> None:
    person, customer = PersonId(uuid4()), CustomerId(uuid4())
    system = context("system")
    since = "2025-01-01T00:00:00+08:00"
    assign = AssignResponsibility.model_validate(
        {
            "assignment_id": AssignmentId(uuid4()),
            "role": "account_manager",
            "person": person,
            "involvement": "accountable",
            "since": since,
        }
    )
    before = zeren.ledger.size()
    results = zeren.handler.execute_groups(
        [
            [Request(stream_id("customer", customer), RegisterCustomer(name="甲"), system)],
            [
                Request(stream_id("person", person), RegisterPerson(name="林晓"), system),
                Request(stream_id("customer", customer), assign, system),
            ],
            [
                Request(
                    stream_id("customer", customer), AssignTier.model_validate({"tier": "vip", "since": since}), system
                )
            ],
        ]
    )
    names = [recorded.event.event_name for recorded in zeren.ledger.read(before, 10)]
    assert names == [
        "customer.registered",
        "person.registered",
        "responsibility.assigned",
        "customer.tier-assigned",
    ]
    positions = [outcome.position for result in results if not isinstance(result, Failure) for outcome in result]
    assert positions == [before + 1, before + 2, before + 3, before + 4]


def test_a_group_over_two_streams_is_recorded_whole_or_not_at_all(zeren: Zeren) -> None:
    person, customer = PersonId(uuid4()), CustomerId(uuid4())
    system = context("system")
    before = zeren.ledger.size()
    results = zeren.handler.execute_groups(
        [
            [
                Request(stream_id("person", person), RegisterPerson(name="林晓"), system),
                Request(stream_id("customer", customer), RegisterCustomer(name="甲"), system, expected_version=7),
            ]
        ]
    )
    assert isinstance(results[0], Failure)
    assert isinstance(results[0].error, VersionMismatchError)
    assert zeren.ledger.size() == before
