"""What the slice that CONTRIBUTING adds can do without further code; run where its steps were taken, never here."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest

import events
from commands.base import Command
from commands.catalogue import CATALOGUE as COMMANDS
from commands.facts import CorrectFact, WithdrawFact
from commands.responsibility import ProposeHandover
from events.catalogue import CATALOGUE as EVENTS
from events.recorded import Context, Recorded
from events.responsibility import HandoverProposed
from events.vocabulary.identifiers import HandoverId, Subject
from projections.audit.rows import ENTRIES
from projections.audit.rows import PROJECTION as TRAIL
from projections.base import Rows, replay
from projections.lives.rows import LIVES
from projections.lives.rows import PROJECTION as KEPT_LIVES
from services.http.app import create_app
from services.language import describe
from services.questions.catalogue import KINDS
from services.settings import Settings
from tests.domain.given import Scenario, given_customer
from tests.domain.people import LIN, WANG, number, on
from tests.domain.words import assigned, assignment
from tests.http.client import Api
from tests.http.conftest import api, client  # noqa: F401 - fixtures

NEED = UUID(int=number(9901).int)
ITEM: Subject = f"need:{NEED}"
SEPTEMBER = "2025-09-30T18:00:00+08:00"


def command(path: str, **said: Any) -> Command:
    return COMMANDS["customer"][path].model_validate({"need_id": NEED, **said})


def lived(scenario: Scenario, *orders: Command) -> Scenario:
    """The scenario after commands that are accepted."""
    for order in orders:
        outcome = scenario.when(order)
        scenario = outcome.then(*outcome.events)
    return scenario


@pytest.fixture
def closed() -> Scenario:
    """A need was recorded (event 3) and closed (event 4)."""
    return lived(
        given_customer(assigned(LIN)).by(LIN),
        command("record-need", at=on("2025-03-03"), text="控制柜", wanted_by=SEPTEMBER),
        command("close-need", at=on("2025-03-08"), content="已签合同"),
    )


def recorded(scenario: Scenario) -> list[Recorded]:
    at = datetime(2025, 4, 1, tzinfo=UTC)
    return [
        Recorded(scenario.stream, version, version, at, event, Context(actor="system"))
        for version, event in enumerate(scenario.history, 1)
    ]


def need(scenario: Scenario) -> dict[str, Any]:
    """The row of the view."""
    (kind,) = (kind for kind in KINDS if kind.view.name == "needs")
    row = replay(kind.view.projection, recorded(scenario)).get(kind.view.table, NEED)
    assert row is not None
    return row


def life(scenario: Scenario) -> list[tuple[Any, Any, Any]]:
    rows: Rows = replay(KEPT_LIVES, recorded(scenario))
    steps = [row for row in rows.group(LIVES, ITEM) if row["since"] is not None]
    return [(row["status"], row["due_at"], row["since"]) for row in steps]


def test_this_is_the_tree_in_which_the_steps_were_taken() -> None:
    assert Path(events.__file__).is_relative_to(Path.cwd())


def test_its_events_can_be_written_and_told() -> None:
    assert {"customer.need-recorded", "customer.need-closed"} <= set(EVENTS)
    said = {"need_id": str(NEED), "at": "2025-03-03T02:00:00Z", "text": "控制柜", "wanted_by": None}
    line = describe("customer.need-recorded", said, "zh", lambda *_: None)
    assert line.endswith("登记客户需求：“控制柜”")


def test_it_is_kept_by_its_own_view_and_by_lives(closed: Scenario) -> None:
    assert (need(closed)["text"], need(closed)["content"]) == ("控制柜", "已签合同")
    due = datetime.fromisoformat(SEPTEMBER)
    assert life(closed) == [("open", due, on("2025-03-03")), ("closed", due, on("2025-03-08"))]


def test_the_audit_trail_says_what_it_is_about(closed: Scenario) -> None:
    entries = replay(TRAIL, recorded(closed)).entered[ENTRIES]
    assert [entry[list(ENTRIES.columns).index("item")] for entry in entries[-2:]] == [ITEM, ITEM]


def test_it_is_put_right(closed: Scenario) -> None:
    right = CorrectFact(event=closed.event(4), values={"content": "客户取消"}, reason="误记")
    assert need(lived(closed, right))["content"] == "客户取消"
    again = lived(closed, WithdrawFact(event=closed.event(4), reason="误记"))
    assert need(again)["content"] is None
    assert [status for status, _, _ in life(again)] == ["open"]


def test_it_moves_in_a_handover_while_it_is_open(closed: Scenario) -> None:
    propose = ProposeHandover(
        handover_id=HandoverId(number(5001)),
        assignment_id=assignment(1),
        to_person=WANG,
        effective_at=on("2025-05-01"),
    )

    def left_behind(scenario: Scenario) -> list[Subject]:
        (proposal,) = scenario.when(propose).events
        assert isinstance(proposal, HandoverProposed)
        return [one.item for one in proposal.inventory]

    assert left_behind(closed) == []
    assert left_behind(lived(closed, WithdrawFact(event=closed.event(4), reason="误记"))) == [ITEM]


def test_it_has_its_routes_and_they_are_described() -> None:
    nothing_is_asked: Any = None
    document = create_app(nothing_is_asked, Settings()).openapi()
    for path in ("record-need", "close-need"):
        assert "post" in document["paths"][f"/v1/customers/{{id}}/{path}"]
    assert document["components"]["schemas"]["RecordNeed"]["examples"][0]["text"].startswith("二号线")
    asked = {parameter["name"] for parameter in document["paths"]["/v1/needs"]["get"]["parameters"]}
    assert asked >= {"customer", "holder", "status", "overdue", "due_to", "effective_at", "known_at", "sort"}
    assert "Need" in document["components"]["schemas"]
    assert "get" in document["paths"]["/v1/needs/{id}"]


def test_it_is_closed_over_http_by_whoever_acts_for_the_account_manager(api: Api) -> None:  # noqa: F811 - the fixture
    lin, zhou, wang = (api.person(name) for name in ("林静", "周敏", "王磊"))
    customer = api.customer("华东机械")
    held = api.assigned(customer, "account_manager", lin, "2025-01-01T00:00:00Z")
    acting = {"to_person": str(zhou), "since": "2025-01-01T00:00:00Z", "until": "2099-01-01T00:00:00Z"}
    api.accepted(
        f"customers/{customer}/delegate", {"delegation_id": str(uuid4()), "assignment_id": str(held), **acting}
    )
    need = {"need_id": str(uuid4()), "at": "2025-03-03T00:00:00Z"}
    api.accepted(f"customers/{customer}/record-need", {**need, "text": "控制柜"})
    closing = f"customers/{customer}/close-need", {**need, "content": "已签合同"}
    for stranger in (Api(api.client, str(wang)), api):
        assert stranger.refused(*closing) == (403, "role.not-in-force")
    assert Api(api.client, str(zhou)).command(*closing).status_code == 201
