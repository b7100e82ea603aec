"""Whoever has left and still holds something is marked wherever a holder is shown, by both clocks."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

import pytest

from tests.http.client import Api
from tests.http.test_contracts import duty, signed

NEW_YEAR, LEFT = "2025-01-01T00:00:00+08:00", "2025-03-01T00:00:00+08:00"
FEBRUARY, APRIL = "2025-02-15T12:00:00+08:00", "2025-04-15T12:00:00+08:00"
JUST_BEFORE = "2025-02-28T23:59:59.999999+08:00"


@dataclass
class Company:
    """华东机械 with a promise and a complaint, and a project of it; 林静 answers for all of it, and has left."""

    api: Api
    customer: UUID
    project: UUID
    commitment: UUID
    complaint: UUID
    lin: UUID
    leaving: str
    known_before: int

    def holdings(self, at: str, **known: int) -> dict[str, list[dict[str, Any]]]:
        """Where holders are shown → everybody who is shown there."""

        def ask(path: str, **more: Any) -> dict[str, Any]:
            return self.api.ask(path, effective_at=at, **known, **more)

        subject = f"customer:{self.customer}"
        difference = ask("responsibility/difference", subject=subject)
        return {
            "post": ask("responsibility", subject=subject, role="account_manager")["holders"],
            "all roles": ask("responsibility", subject=subject)["holders"],
            "project": ask("responsibility", subject=f"project:{self.project}", role="project_manager")["holders"],
            "timeline": ask("responsibility/timeline", subject=subject)["intervals"],
            "portfolio": ask("responsibility/portfolio", person=self.lin)["holdings"],
            "customer": ask(f"customers/{self.customer}")["holders"],
            "its project": ask(f"projects/{self.project}")["holders"],
            "then": difference["then"]["holders"],
            "attribution": ask("attribution", item=f"commitment:{self.commitment}", rule="current")["charges"],
            "clock": ask(f"complaints/{self.complaint}/clocks")["shares"],
        }

    def marked(self, at: str, **known: int) -> set[bool]:
        """Whether they are marked as having left; every place shows the same."""
        found = self.holdings(at, **known)
        assert all(found.values()), [place for place, holders in found.items() if not holders]
        assert {one["person"] for holders in found.values() for one in holders} == {str(self.lin)}
        return {one["left"] for holders in found.values() for one in holders}


@pytest.fixture
def company(api: Api) -> Company:
    """Lin left on 1 March 2025, and was written down as holder of everything as if nothing had happened."""
    customer, lin, project = api.customer("华东机械"), api.person("林静"), uuid4()
    api.assigned(customer, "account_manager", lin, NEW_YEAR)
    proposal = {"customer": str(customer), "name": "七号线改造", "occurred_at": NEW_YEAR}
    api.accepted(f"projects/{project}/propose-project", proposal)
    manages = {
        "assignment_id": str(uuid4()),
        "role": "project_manager",
        "person": str(lin),
        "involvement": "responsible",
        "since": NEW_YEAR,
    }
    api.accepted(f"projects/{project}/assign-responsibility", manages)
    commitment, complaint = uuid4(), uuid4()
    promise = {
        "commitment_id": str(commitment),
        "text": "交付样机",
        "due_at": "2025-06-01T18:00:00+08:00",
        "by": "us",
        "occurred_at": NEW_YEAR,
    }
    api.accepted(f"customers/{customer}/make-commitment", promise)
    received = {
        "complaint_id": str(complaint),
        "received_at": "2025-02-10T09:00:00+08:00",
        "channel": "phone",
        "severity": "low",
        "content": "停机",
    }
    api.accepted(f"customers/{customer}/receive-complaint", received)
    before = api.position
    leaving = api.accepted(f"people/{lin}/deactivate-person", {"since": LEFT})["events"][0]["id"]
    return Company(api, customer, project, commitment, complaint, lin, leaving, before)


def test_who_has_left_is_marked_from_that_instant_on_and_not_before(company: Company) -> None:
    assert company.marked(FEBRUARY) == {False}
    assert company.marked(JUST_BEFORE) == {False}
    assert company.marked(LEFT) == {True}
    assert company.marked(APRIL) == {True}


def test_as_known_before_the_leaving_was_recorded_nobody_is_marked(company: Company) -> None:
    assert company.marked(APRIL, known_position=company.known_before) == {False}


def test_a_leaving_date_that_is_corrected_moves_the_mark(company: Company) -> None:
    path, believed = f"people/{company.lin}/correct-fact", company.api.position
    may = {"event": company.leaving, "values": {"since": "2025-05-01T00:00:00+08:00"}, "reason": "误登记日期"}
    company.api.accepted(path, may)
    assert company.marked(APRIL) == {False}
    assert company.marked("2025-05-01T00:00:00+08:00") == {True}
    assert company.marked(APRIL, known_position=believed) == {True}


def test_a_leaving_that_never_was_marks_nobody(company: Company) -> None:
    path, believed = f"people/{company.lin}/withdraw-fact", company.api.position
    company.api.accepted(path, {"event": company.leaving, "reason": "录错人员"})
    assert company.marked(APRIL) == {False}
    assert company.marked(APRIL, known_position=believed) == {True}
    assert company.api.ask("responsibility/leavers", effective_at=APRIL)["items"] == []


def test_what_was_given_up_before_the_leaving_is_no_gap(api: Api) -> None:
    customer, lin, wang = api.customer("华东机械"), api.person("林静"), api.person("王磊")
    api.assigned(customer, "account_manager", lin, NEW_YEAR, LEFT)
    api.assigned(customer, "account_manager", wang, LEFT)
    api.accepted(f"people/{lin}/deactivate-person", {"since": LEFT})
    found = api.ask("responsibility/timeline", subject=f"customer:{customer}", effective_at=APRIL)["intervals"]
    assert [(one["person"], one["left"]) for one in found] == [(str(lin), False), (str(wang), False)]


def test_of_two_who_hold_a_role_at_once_the_one_who_left_is_marked(company: Company) -> None:
    api, wang = company.api, company.api.person("王磊")
    for person in (company.lin, wang):
        api.command(
            f"customers/{company.customer}/assign-responsibility",
            {
                "assignment_id": str(uuid4()),
                "role": "technical_support",
                "person": str(person),
                "involvement": "accountable",
                "since": NEW_YEAR,
                "until": LEFT if person == company.lin else None,
            },
        )
    api.accepted(
        f"people/{company.lin}/correct-fact",
        {"event": company.leaving, "values": {"since": FEBRUARY}, "reason": "误登记日期"},
    )

    def overlaps(since: str, until: str, **known: int) -> list[tuple[str, bool]]:
        asked = {"from": since, "to": until, "customer": company.customer, **known}
        (one,) = api.ask("responsibility/overlaps", **asked)["overlaps"]
        return [(holder["person"], holder["left"]) for holder in one["holders"]]

    assert dict(overlaps(NEW_YEAR, LEFT)) == {str(company.lin): True, str(wang): False}
    assert dict(overlaps(NEW_YEAR, FEBRUARY)) == {str(company.lin): False, str(wang): False}


def test_who_acted_for_a_complaint_and_left_is_marked_too(api: Api) -> None:
    customer, lin, wang = api.customer("华东机械"), api.person("林静"), api.person("王磊")
    assignment = api.assigned(customer, "account_manager", lin, NEW_YEAR)
    acting = {"delegation_id": str(uuid4()), "assignment_id": str(assignment), "to_person": str(wang)}
    api.accepted(f"customers/{customer}/delegate", acting | {"since": FEBRUARY, "until": APRIL})
    complaint = str(uuid4())
    received = {"complaint_id": complaint, "received_at": FEBRUARY, "channel": "phone", "severity": "low"}
    api.accepted(f"customers/{customer}/receive-complaint", received | {"content": "停机"})
    api.accepted(f"people/{wang}/deactivate-person", {"since": LEFT})
    for at, left in (("2025-02-20T12:00:00+08:00", False), ("2025-03-20T12:00:00+08:00", True)):
        (share,) = api.ask(f"complaints/{complaint}/clocks", effective_at=at)["shares"]
        assert (share["left"], [one["left"] for one in share["acting"]]) == (False, [left])
        charges = api.ask("attribution", item=f"complaint:{complaint}", rule="current", effective_at=at)["charges"]
        assert [(one["kind"], one["left"]) for one in charges] == [("principal", False), ("acting", left)]


def test_who_owned_a_clause_and_left_is_marked_too(api: Api) -> None:
    customer, lin = api.customer("华东机械"), api.person("林静")
    contract = signed(api, customer, duty("2025-03-31T18:00:00+08:00", owner=lin))
    api.accepted(f"people/{lin}/deactivate-person", {"since": LEFT})
    for at, left in ((FEBRUARY, False), (APRIL, True)):
        months = api.ask(f"contracts/{contract}/clauses/4.2", period="2025Q1", effective_at=at)["months"]
        (march,) = months[2]["obligations"]
        assert [(one["person"], one["left"]) for one in march["owners"]] == [(str(lin), left)]


def test_the_leaving_is_named_as_what_changed_the_answer(company: Company) -> None:
    asked = {"subject": f"customer:{company.customer}", "known_position": company.known_before}
    found = company.api.ask("responsibility/difference", **asked, effective_at=APRIL)
    assert (found["differs"], [one["id"] for one in found["changes"]]) == (True, [company.leaving])
    before = company.api.ask("responsibility/difference", **asked, effective_at=FEBRUARY)
    assert (before["differs"], before["changes"]) == (False, [])
