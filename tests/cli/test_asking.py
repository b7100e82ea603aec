"""`zeren ask`, `rebuild` and `replay-parked` over a small history."""

import re
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from commands.customer.profile import RegisterCustomer
from commands.person.directory import DeactivatePerson, RegisterPerson
from commands.responsibility import AssignResponsibility, CorrectResponsibility
from events.vocabulary.identifiers import AssignmentId, CustomerId, PersonId, stream_id
from services.application import Zeren
from services.handling import Request, context
from tests.cli.running import run

JANUARY = datetime(2025, 1, 1, tzinfo=UTC)


@pytest.fixture
def learned(zeren: Zeren) -> datetime:
    """A customer whose account manager was recorded wrongly and corrected; an instant before the correction."""
    lin, wang, customer = PersonId(uuid4()), PersonId(uuid4()), CustomerId(uuid4())
    assignment = AssignmentId(uuid4())
    orders = [
        (stream_id("person", lin), RegisterPerson(name="林晓")),
        (stream_id("person", wang), RegisterPerson(name="王伟")),
        (stream_id("customer", customer), RegisterCustomer(name="华东电力集团")),
        (stream_id("customer", CustomerId(uuid4())), RegisterCustomer(name="华东水务")),
        (
            stream_id("customer", customer),
            AssignResponsibility(
                assignment_id=assignment, role="account_manager", person=lin, involvement="accountable", since=JANUARY
            ),
        ),
        (
            stream_id("customer", customer),
            CorrectResponsibility(assignment_id=assignment, person=wang, reason="录入时选错了人"),
        ),
    ]
    for stream, command in orders:
        zeren.handler.execute(Request(stream, command, context("system")))
    corrected = zeren.ledger.read(zeren.ledger.size() - 1, 1)[0].recorded_at
    return corrected - timedelta(microseconds=1)


def test_the_answer_names_holder_proof_and_correction(learned: datetime, database_url: str) -> None:
    ended = run(
        *("ask", "电力", "--role", "account_manager", "--effective-at", "2025-03-10T12:00:00+08:00"),
        *("--known-at", learned.isoformat()),
        ZEREN_DATABASE_URL=database_url,
    )
    assert ended.exit_code == 0, ended.stderr
    then, now, why = ended.stdout.index("林晓"), ended.stdout.index("王伟"), ended.stdout.index("录入时选错了人")
    assert then < now < why
    assert "responsibility.corrected" in ended.stdout


def test_whoever_has_left_is_told_apart_by_words(zeren: Zeren, learned: datetime, database_url: str) -> None:
    wang = next(one for one in zeren.ledger.read(0, 20) if getattr(one.event, "name", None) == "王伟").stream
    zeren.handler.execute(Request(wang, DeactivatePerson(since=datetime(2025, 4, 1, tzinfo=UTC)), context("system")))

    def asked(at: str, *known: str) -> list[str]:
        arguments = ("ask", "电力", "--effective-at", f"2025-{at}T12:00:00+08:00", *known)
        ended = run(*arguments, ZEREN_DATABASE_URL=database_url)
        assert ended.exit_code == 0, ended.stderr
        return re.findall(r"principal(?:, has left)?", ended.stdout)

    assert asked("03-10") == ["principal"]
    assert asked("05-10") == ["principal, has left"]
    assert asked("05-10", "--known-at", learned.isoformat()) == ["principal", "principal, has left"]


def test_a_narrow_terminal_cuts_no_proof_short(learned: datetime, database_url: str) -> None:
    ended = run(
        *("ask", "电力", "--effective-at", "2025-03-10T12:00:00+08:00", "--known-at", learned.isoformat()),
        ZEREN_DATABASE_URL=database_url,
        COLUMNS="80",
    )
    assert ended.exit_code == 0, ended.stderr
    assert "…" not in ended.stdout
    assert (
        len(re.findall(r"is proved by event [0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$", ended.stdout, re.MULTILINE))
        == 3
    )


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("ask", "华东"), "several customers"),
        (("ask", "nobody"), "no customer is called so"),
        (("ask", "电力", "--effective-at", "2025-03-10T12:00:00"), "offset"),
        (("ask", "电力", "--known-at", "soon"), "looks like"),
        (("rebuild", "moon"), "no such view"),
    ],
)
def test_bad_questions_are_explained(
    learned: datetime, database_url: str, arguments: tuple[str, ...], said: str
) -> None:
    assert learned
    ended = run(*arguments, ZEREN_DATABASE_URL=database_url)
    assert ended.exit_code == 2
    assert said in ended.stderr


def test_views_are_rebuilt_to_the_same_rows(learned: datetime, zeren: Zeren, database_url: str) -> None:
    assert learned
    zeren.views.moment(at_least=zeren.ledger.size())
    rows = "SELECT * FROM view_responsibility.holdings ORDER BY holding_id, known_from"
    before = zeren.database.rows(rows)
    ended = run("rebuild", "responsibility", "people", ZEREN_DATABASE_URL=database_url)
    assert ended.exit_code == 0, ended.stderr
    assert "responsibility: rebuilt up to position" in ended.stdout
    assert zeren.database.rows(rows) == before
    assert before


def test_the_sample_company_keeps_out_of_a_ledger_in_use(learned: datetime, zeren: Zeren, database_url: str) -> None:
    size = zeren.ledger.size()
    ended = run("demo", "--port", "0", ZEREN_DATABASE_URL=database_url)
    assert (ended.exit_code, "facts of its own" in ended.stderr, zeren.ledger.size()) == (2, True, size), learned


def test_nothing_is_parked(database_url: str) -> None:
    ended = run("replay-parked", ZEREN_DATABASE_URL=database_url)
    assert (ended.exit_code, ended.stdout.strip()) == (0, "Nothing is parked.")
