"""The whole story: one team, eight key accounts, two years."""

from datetime import datetime, timedelta
from functools import cache, partial

from benchmarks.company.account import DAY, Account, Team
from benchmarks.company.complaints import complaints
from benchmarks.company.contracts import contracts
from benchmarks.company.delivery import deliveries
from benchmarks.company.duties import duties
from benchmarks.company.profile import profile
from benchmarks.company.promises import promises
from benchmarks.company.story import BEGINNING, Story, Written
from commands.person.directory import MoveDepartment, RegisterPerson
from events.vocabulary.identifiers import CustomerId, PersonId, stream_id

ACCOUNTS = 8
_END = BEGINNING + timedelta(weeks=104)
_MANAGERS, _ENGINEERS = 4, 5


@cache
def territory() -> tuple[Written, ...]:
    """Its events in the order of their recording, always the same ones."""
    story = Story()
    team = _team(story)
    for number in range(ACCOUNTS):
        customer = stream_id("customer", CustomerId(story.new_id()))
        begins = BEGINNING + timedelta(days=2 * number)
        story.plan(begins, partial(_begin, Account(story, customer, team, begins, _END), number))
    story.happen()
    return tuple(story.written)


def _begin(account: Account, number: int, _at: datetime) -> None:
    profile(account, number)
    duties(account)
    promises(account)
    complaints(account)
    deliveries(account)
    contracts(account)


def _team(story: Story) -> Team:
    lead = _hire(story, None, "key_accounts")
    team = Team(
        lead,
        [_hire(story, lead, "key_accounts") for _ in range(_MANAGERS)],
        [_hire(story, lead, "after_sales") for _ in range(_ENGINEERS)],
    )
    move = MoveDepartment(department="delivery", manager=None, since=BEGINNING + 300 * DAY)
    moved = stream_id("person", team.engineers[-1])
    story.plan(move.since, lambda at: story.give(at, moved, f"person:{lead}", move))
    return team


def _hire(story: Story, manager: PersonId | None, department: str) -> PersonId:
    person = PersonId(story.new_id())
    command = RegisterPerson(
        name="林静",
        department=department,
        manager=manager,
        skills=("商务谈判", "数控系统"),
        email="lin.jing@example.com",
        phone="13800000001",
    )
    story.give(BEGINNING, stream_id("person", person), "system", command)
    return person
