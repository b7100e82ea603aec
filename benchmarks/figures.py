"""How long figures, evidence, lists, gaps and timelines take over the history of a large company.

In process, because that is where the time goes: HTTP adds a quarter of a millisecond to whatever is answered.
"""

import os
import random
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any
from uuid import UUID

from eventsourcing.persistence import StoredEvent

from benchmarks.aims import Aim
from benchmarks.company.story import BEGINNING
from benchmarks.company.territory import ACCOUNTS, territory
from benchmarks.history import History, begin
from benchmarks.machine import new_database, settle
from benchmarks.tables import Table
from benchmarks.views import require_whole
from commands.person.directory import MoveDepartment
from events.recorded import Context
from events.responsibility import ResponsibilityAssigned
from events.vocabulary.identifiers import AssignmentId, PersonId, StreamId, stream_id
from projections.customer.commitments.questions import COMMITMENTS
from projections.customer.complaints.questions import COMPLAINTS
from projections.kpis.definitions import CODES, Code
from projections.kpis.periods import period
from projections.kpis.scopes import scope
from projections.lives.questions import AGENDA, LIVES
from projections.pages import Listing
from projections.responsibility.questions import TIMELINE
from services.application import Zeren
from services.handling import Request, context
from services.projector.workers import rebuild_all
from services.questions.coverage import Part, Window, gaps_in
from services.questions.kpis import Asked, definition, kpi, kpi_evidence
from services.questions.pages import Wanted, page
from services.questions.responsibility import timeline as intervals_of
from services.questions.views import Moment, Views
from services.store.mapper import encode
from services.store.writing.saves import Appended, Save

SIZE = 1_000_000
"""Events, unless told otherwise."""
CUSTOMERS = 3_200
"""Of a million events, or more; of fewer in proportion."""
INTERVALS = 10_000
"""Of the customer with the long timeline."""
TEAM = "key_accounts_south"
LARGE = StreamId("customer:00000000-0000-4000-8000-000000000001")
PERIODS = {"month": "2021-05", "year": "2021"}
_FEWEST, _MOST = 5, 200
_TOGETHER = 5_000
_IN_THE_MIDDLE = datetime(2021, 6, 15, tzinfo=UTC)

_MANAGERS = (
    "SELECT DISTINCT person FROM view_responsibility.holdings WHERE role = 'account_manager' AND known_to IS NULL "
    "AND kind = 'principal' AND subject <> %(large)s AND since < '2021-06-01' ORDER BY person"
)
_SESSIONS = (
    "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND backend_type = 'client backend' "
    "AND usename = current_user"
)
_CUSTOMERS = "SELECT customer_id FROM view_customers.customers WHERE known_to IS NULL ORDER BY customer_id"
_AROUND = (
    "SELECT DISTINCT h.person FROM view_responsibility.holdings AS h JOIN view_responsibility.holdings AS m "
    "ON m.subject = h.subject "
    "WHERE m.person = %(person)s AND m.role = 'account_manager' AND h.subject LIKE 'customer:%%'"
)


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked again and again, each time of somebody else."""

    name: str
    ask: Callable[[], object]
    bound: float
    """Milliseconds that its median is not to exceed."""


@dataclass(frozen=True, slots=True)
class Taken:
    """Milliseconds."""

    p50: float
    p95: float
    times: int
    worked: float
    """Processor time of client and server together, which others on the machine hardly change; a mean."""


def tables(seconds: float, _rounds: int, size: int = SIZE) -> Iterator[Table]:
    """Fill a log, make the views of it, and ask."""
    with new_database() as url:
        fill(url, size)
        with Zeren(url, projecting=False) as zeren:
            yield table(measured(zeren.views, seconds), size)


def fill(url: str, size: int) -> None:
    """The company's history, a team of its own, a customer with a long timeline, and the views of all that."""
    begin(url)
    at_a_time = max(1, CUSTOMERS * min(size, SIZE) // SIZE // ACCOUNTS)
    with Zeren(url, projecting=False) as zeren:
        whole = at_a_time * len(territory())
        History(zeren.database, at_a_time).fill(min(size, whole) if size <= SIZE else size)
        _long_timeline(zeren)
        rebuild_all(url)
        _join_team(zeren)
        zeren.runner.catch_up()
        require_whole(zeren.ledger)
    settle(url)


def _join_team(zeren: Zeren) -> None:
    """Let the people around one customer have a department of their own."""
    managers = zeren.database.rows(_MANAGERS, {"large": LARGE})
    for row in zeren.database.rows(_AROUND, {"person": managers[0]["person"]}):
        move = MoveDepartment(department=TEAM, since=BEGINNING)
        zeren.handler.execute(Request(stream_id("person", row["person"]), move, context("system")))


def _long_timeline(zeren: Zeren) -> None:
    chance = random.Random(5)  # noqa: S311 - no secret
    versions = count(1)

    def one(number: int) -> StoredEvent:
        since = BEGINNING + timedelta(hours=number)
        event = ResponsibilityAssigned(
            assignment_id=AssignmentId(UUID(int=chance.getrandbits(128), version=4)),
            subject="self",
            role="account_manager",
            person=PersonId(UUID(int=chance.randrange(500), version=4)),
            involvement="accountable",
            since=since,
            until=since + timedelta(hours=1),
            exclusive=True,
        )
        return StoredEvent(LARGE, next(versions), event.event_name, encode(event, Context(actor="system")))

    for first in range(0, INTERVALS, _TOGETHER):
        some = [one(number) for number in range(first, first + _TOGETHER)]
        result = zeren.ledger.log_recorder.append([Save(LARGE, some)])[0]
        if not isinstance(result, Appended):
            raise result


def measured(views: Views, seconds: float) -> dict[str, tuple[Question, Taken]]:
    """How long every question takes, each asked for so many seconds, and a few times at least."""
    return {one.name: (one, _taken(views, one.ask, seconds)) for one in _questions(views)}


def _worked(views: Views) -> float:
    """Processor seconds of this process and of the sessions at its server, which is on this machine."""
    ticks = 0
    for row in views.rows(_SESSIONS, {}):
        fields = Path(f"/proc/{row['pid']}/stat").read_text().rpartition(")")[2].split()
        ticks += int(fields[11]) + int(fields[12])
    return time.process_time() + ticks / os.sysconf("SC_CLK_TCK")


def _taken(views: Views, ask: Callable[[], object], seconds: float) -> Taken:
    ask()
    taken: list[float] = []
    before = _worked(views)
    ends = time.perf_counter() + seconds
    while len(taken) < _FEWEST or (time.perf_counter() < ends and len(taken) < _MOST):
        began = time.perf_counter()
        ask()
        taken.append(1e3 * (time.perf_counter() - began))
    worked = 1e3 * (_worked(views) - before) / len(taken)
    taken.sort()
    return Taken(taken[len(taken) // 2], taken[int(len(taken) * 0.95)], len(taken), worked)


def _questions(views: Views) -> Iterator[Question]:
    position = views.position()
    moment = Moment(_IN_THE_MIDDLE, position, position)
    people = [row["person"] for row in views.rows(_MANAGERS, {"large": LARGE})]
    customers = [row["customer_id"] for row in views.rows(_CUSTOMERS, {})]
    yield from _figures(views, moment, people, customers)
    yield from _lists(views, moment, people)
    window = Window(datetime(2021, 1, 1, tzinfo=UTC), datetime(2022, 1, 1, tzinfo=UTC))
    yield Question("gaps of a year, first page", lambda: gaps_in(views, window, moment, Part(100)), 30)
    yield from _timelines(views, moment)


def _timelines(views: Views, moment: Moment) -> Iterator[Question]:
    """Of the customer with the many intervals: the longest page, a short one, and what overlaps a month."""

    def asked(limit: int, **window: datetime) -> Callable[[], object]:
        def ask() -> object:
            found = page(views, TIMELINE, Wanted({"subject": LARGE, **window}, limit=limit), moment)
            return intervals_of(LARGE, found.rows, None, moment)

        return ask

    month = {"from": BEGINNING + timedelta(days=200), "to": BEGINNING + timedelta(days=230)}
    yield Question(f"timeline of {INTERVALS:,} intervals, first page of 1,000", asked(1_000), 50)
    yield Question(f"timeline of {INTERVALS:,} intervals, first page of 100", asked(100), 30)
    yield Question(f"timeline of {INTERVALS:,} intervals, a month", asked(1_000, **month), 50)


def _figures(views: Views, moment: Moment, people: Sequence[UUID], customers: Sequence[UUID]) -> Iterator[Question]:
    chance = random.Random(6)  # noqa: S311 - no secret
    scopes: dict[str, tuple[Callable[[], str], dict[str, float]]] = {
        "person": (lambda: f"person:{chance.choice(people)}", {"month": 50, "year": 50}),
        "team": (lambda: f"team:{TEAM}", {"month": 50, "year": 50}),
        "customer": (lambda: f"customer:{chance.choice(customers)}", {"month": 50, "year": 50}),
        "tier": (lambda: "tier:vip", {"month": 300, "year": 300}),
        "company": (lambda: "company", {"month": 300, "year": 300}),
    }

    def asked(code: Code, of: str, when: str) -> Asked:
        kind = definition(code)
        return Asked(kind, period(PERIODS[when]), scope(of), of, kind.attribution)

    def figure(code: Code, of: Callable[[], str], when: str) -> Callable[[], object]:
        return lambda: kpi(views, asked(code, of(), when), moment)

    def evidence(code: Code, of: Callable[[], str], when: str) -> Callable[[], object]:
        return lambda: kpi_evidence(views, asked(code, of(), when), moment, None, 100)

    for code in CODES:
        for kind, (of, bounds) in scopes.items():
            for when, bound in bounds.items():
                yield Question(f"{code}, {kind}, {when}", figure(code, of, when), bound)
    for code in CODES:
        for kind in ("company", "person"):
            yield Question(f"evidence of {code}, {kind}, year", evidence(code, scopes[kind][0], "year"), 30)


def _lists(views: Views, moment: Moment, people: Sequence[UUID]) -> Iterator[Question]:
    chance = random.Random(7)  # noqa: S311 - no secret

    now = Moment(datetime.now(UTC), moment.known_position, moment.position)
    earlier = Moment(moment.effective_at, moment.known_position // 2, moment.position)

    def listed(listing: Listing, asked: Moment = moment, **filters: Any) -> Callable[[], object]:
        def ask() -> object:
            found = {name: chance.choice(people) if name == "holder" else value for name, value in filters.items()}
            return page(views, listing, Wanted(found), asked)

        return ask

    for name, listing in (("commitments", COMMITMENTS), ("complaints", COMPLAINTS)):
        yield Question(f"{name}, first page", listed(listing), 30)
        yield Question(f"{name} by holder", listed(listing, holder=None), 30)
        yield Question(f"overdue {name}", listed(listing, overdue=True), 30)
        yield Question(f"overdue {name} by holder", listed(listing, overdue=True, holder=None), 30)
        yield Question(f"overdue {name}, now", listed(listing, now, overdue=True), 30)
        yield Question(f"overdue {name}, as known earlier", listed(listing, earlier, overdue=True), 30)
    for name, at in (("", moment), (", now", now), (", as known earlier", earlier)):
        instant = {"at": at.effective_at}
        soon = {"until": at.effective_at + timedelta(days=7)}
        yield Question(f"late items{name}", listed(LIVES, at, **instant, late=True), 30)
        yield Question(f"agenda{name}", listed(AGENDA, at, **instant, **soon), 30)
        yield Question(f"agenda by holder{name}", listed(AGENDA, at, **instant, **soon, holder=None), 30)


def table(found: dict[str, tuple[Question, Taken]], size: int) -> Table:
    """What was measured, and which aims it meets."""
    rows = [
        [name, _shown(taken.p50), _shown(taken.p95), _shown(taken.worked), str(taken.times), f"{one.bound:g}"]
        for name, (one, taken) in found.items()
    ]
    return Table(
        f"Figures, evidence and lists over {size:,} events: milliseconds",
        ["", "p50", "p95", "processor time", "times", "aim"],
        rows,
        [
            f"{CUSTOMERS * min(size, SIZE) // SIZE:,} customers; in process: HTTP adds a quarter of a millisecond",
            "each question is asked of somebody else every time, after a first one that is not counted",
            "first pages have up to 100 rows or events; people hold up to eight customers, the team is ten people",
            "processor time: of client and server together, without the server's parallel workers; a mean",
        ],
        [Aim(name, taken.p50, one.bound, "ms", at_most=True) for name, (one, taken) in found.items()],
    )


def _shown(milliseconds: float) -> str:
    return f"{milliseconds:,.1f}" if milliseconds < 100 else f"{milliseconds:,.0f}"  # noqa: PLR2004 - digits
