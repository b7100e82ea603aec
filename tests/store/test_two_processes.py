"""Two processes over one ledger: none decides on what it merely remembers of people."""

from uuid import uuid4

import pytest

from aggregates.refusal import Refused
from commands.customer.profile import RegisterCustomer
from commands.person.directory import DeactivatePerson, RegisterPerson
from commands.responsibility import AssignResponsibility
from events.vocabulary.identifiers import AssignmentId, CustomerId, PersonId, stream_id
from services.application import Zeren
from services.handling import Request, context


def test_somebody_who_left_is_not_assigned_by_a_process_that_remembers_him(zeren: Zeren, database_url: str) -> None:
    person, customer = PersonId(uuid4()), CustomerId(uuid4())
    system = context("system")
    zeren.handler.execute(Request(stream_id("person", person), RegisterPerson(name="林晓"), system))
    zeren.handler.execute(Request(stream_id("customer", customer), RegisterCustomer(name="甲"), system))
    with Zeren(database_url, projecting=False) as other:
        left = DeactivatePerson.model_validate({"since": "2025-01-01T00:00:00+08:00"})
        other.handler.execute(Request(stream_id("person", person), left, system))
    assign = AssignResponsibility.model_validate(
        {
            "assignment_id": AssignmentId(uuid4()),
            "role": "account_manager",
            "person": person,
            "involvement": "accountable",
            "since": "2025-02-01T00:00:00+08:00",
        }
    )
    with pytest.raises(Refused, match=r"person\.inactive"):
        zeren.handler.execute(Request(stream_id("customer", customer), assign, system))
