"""What a program with a generated client does, from the first person to the second page; prints what it saw."""

import json
import sys
from datetime import datetime
from typing import TypeVar
from uuid import uuid4

from zeren_client import AuthenticatedClient
from zeren_client.api.bulk import bulk
from zeren_client.api.commitments import commitment_list
from zeren_client.api.customers import (
    customer_assign_responsibility,
    customer_assign_tier,
    customer_make_commitment,
    customer_one,
    customer_register_customer,
)
from zeren_client.api.events import event_list
from zeren_client.api.people import person_register_person
from zeren_client.api.policies import policy_one
from zeren_client.api.responsibility import who_was_responsible
from zeren_client.models import (
    AssignResponsibility,
    AssignResponsibilityInvolvement,
    AssignTier,
    AssignTierTier,
    BulkAnswer,
    BulkCommand,
    BulkCommandBody,
    BulkCommandCommand,
    CommitmentPage,
    CustomerAnswer,
    EventPage,
    MakeCommitment,
    MakeCommitmentBy,
    PolicyAnswer,
    Problem,
    Receipt,
    RegisterCustomer,
    RegisterPerson,
    WhoAnswer,
)
from zeren_client.types import Response

T = TypeVar("T")


def parsed(kind: type[T], answer: Response) -> T:
    """The answer, which has to be of that kind."""
    if not isinstance(answer.parsed, kind):
        raise TypeError(f"{answer.status_code}: {answer.content!r}")
    return answer.parsed


client = AuthenticatedClient(base_url=sys.argv[1], prefix="Dev", token="system")  # noqa: S106 - no secret
since = datetime.fromisoformat("2025-03-01T09:00:00+08:00")
person, customer = uuid4(), uuid4()

rules = parsed(PolicyAnswer, policy_one.sync_detailed("company", client=client))
person_register_person.sync_detailed(person, client=client, body=RegisterPerson(name="林静"))
customer_register_customer.sync_detailed(customer, client=client, body=RegisterCustomer(name="华东电力集团"))

tier = AssignTier(tier=AssignTierTier.VIP, since=since)
first, again = (
    parsed(
        Receipt, customer_assign_tier.sync_detailed(customer, client=client, body=tier, idempotency_key=f"{customer}")
    )
    for _ in range(2)
)

read = customer_one.sync_detailed(customer, client=client, at_least=first.position)
known, tag = parsed(CustomerAnswer, read), read.headers["ETag"]
unchanged = customer_one.sync_detailed(customer, client=client, if_none_match=tag)
manager = AssignResponsibility(
    assignment_id=uuid4(),
    role="account_manager",
    person=person,
    involvement=AssignResponsibilityInvolvement.ACCOUNTABLE,
    since=since,
)
assigned = customer_assign_responsibility.sync_detailed(customer, client=client, body=manager, if_match=tag)
late = parsed(Problem, customer_assign_tier.sync_detailed(customer, client=client, body=tier, if_match=tag))
who = parsed(
    WhoAnswer,
    who_was_responsible.sync_detailed(
        client=client,
        subject=f"customer:{customer}",
        role="account_manager",
        at_least=parsed(Receipt, assigned).position,
    ),
)

for _ in range(2):
    promise = MakeCommitment(
        commitment_id=uuid4(),
        text="两周内交付备件",
        due_at=datetime.fromisoformat("2199-01-01T00:00:00+08:00"),
        by=MakeCommitmentBy.US,
    )
    promised = parsed(Receipt, customer_make_commitment.sync_detailed(customer, client=client, body=promise))
page = parsed(
    CommitmentPage,
    commitment_list.sync_detailed(client=client, customer=customer, limit=1, at_least=promised.position),
)
cursor = str(page.next_).rpartition("cursor=")[2]
after = parsed(CommitmentPage, commitment_list.sync_detailed(client=client, customer=customer, limit=1, cursor=cursor))

lines = [
    BulkCommand(
        stream=f"customer:{uuid4()}",
        command=BulkCommandCommand.REGISTER_CUSTOMER,
        body=BulkCommandBody.from_dict({"name": name}),
    )
    for name in ("华东水务", " ")
]
answers = parsed(list, bulk.sync_detailed(client=client, body=lines))
log = parsed(EventPage, event_list.sync_detailed(client=client, after=0, limit=1000))

sys.stdout.write(
    json.dumps(
        {
            "rules": rules.stream,
            "same": first == again,
            "version": known.version,
            "unchanged": unchanged.status_code,
            "assigned": assigned.status_code,
            "late": [late.status, late.code, late.version],
            "held": who.holders[0].person == person,
            "promises": len({one.commitment_id for one in (*page.items, *after.items)}),
            "last": after.next_ is None,
            "bulk": [one.status for one in answers if isinstance(one, BulkAnswer)],
            "wrong": answers[1].problem.errors[0].code,
            "events": len(log.events),
        }
    )
)
