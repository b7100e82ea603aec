"""At the instant that something is due, be it that of a handover, a leaving or the end of a shift, all say the same."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from commands.person.directory import DeactivatePerson
from commands.responsibility import AcceptHandover, ProposeHandover
from events.vocabulary.identifiers import HandoverId
from tests.domain.people import HUADONG, LIN, WANG, number, on
from tests.domain.words import assignment, commitment, complaint
from tests.http.test_contracts import duty, signed
from tests.kpis.company import Company
from tests.kpis.test_figures import complained, held_by_lin, promise

INSTANT = timedelta(microseconds=1)
HANDOVER = HandoverId(number(5001))
NIGHT = {"2025-03-11 18:00": "2025-03-10 09:00", "2025-03-12 12:00": "2025-03-10 13:00"}
"""Due times at the end of a shift, before the night and before the lunch break → when the complaint came in."""
FIGURES = ("commitment_fulfilment", "complaints_resolved_in_time")


@dataclass
class Three:
    """A promise, a complaint and a duty of 华东机械 that are due at one instant; 林静 holds the account."""

    company: Company
    due: datetime
    ids: dict[str, UUID]

    def ask(self, path: str, at: datetime, **asked: Any) -> dict[str, Any]:
        """Ask at an instant."""
        return self.company.api.ask(path, effective_at=at.isoformat(), **asked)

    def late(self, at: datetime) -> dict[str, set[bool]]:
        """Kind → whether it is late, as every place says."""
        found: dict[str, set[bool]] = {}
        agenda = self.ask("agenda", at, until="2025-06-01T00:00:00Z")["items"]
        for kind, identifier in self.ids.items():
            said = found.setdefault(kind, set())
            said.add(self.ask(f"{kind}s/{identifier}", at)[kind]["overdue"])
            said.add(bool(self.ask(f"{kind}s", at, overdue=True)["items"]))
            said.add(not self.ask(f"{kind}s", at, overdue=False)["items"])
            (life,) = self.ask("lives", at, kind=kind)["items"]
            said.add(life["late"])
            (entry,) = [one for one in agenda if one["kind"] == kind]
            said.add(entry["why"]["code"] == "overdue")
        found["complaint"].add(self.ask(f"complaints/{self.ids['complaint']}/clocks", at)["resolution"]["breached"])
        overview = self.ask(f"customers/{HUADONG}", at)["overview"]
        found["commitment"].add(overview["overdue_commitments"] == 1)
        found["complaint"].add(overview["overdue_complaints"] == 1)
        return found

    def holders(self, at: datetime) -> set[str]:
        """Who holds them, as every place says."""
        found: set[str] = set()
        for kind, identifier in self.ids.items():
            found.update(self.ask(f"{kind}s/{identifier}", at)[kind]["holders"])
            (life,) = self.ask("lives", at, kind=kind)["items"]
            found.update(life["holders"])
            for rule in ("at_due", "current"):
                charges = self.ask("attribution", at, item=f"{kind}:{identifier}", rule=rule)["charges"]
                found.update(one["person"] for one in charges)
            for person in (LIN, WANG):
                if self.ask(f"{kind}s", at, holder=person)["items"]:
                    found.add(str(person))
        for entry in self.ask("agenda", at, until="2025-06-01T00:00:00Z")["items"]:
            found.update(entry["holders"])
        asked = {"subject": f"customer:{HUADONG}", "role": "account_manager"}
        found.update(one["person"] for one in self.ask("responsibility", at, **asked)["holders"])
        return found

    def missed(self, code: str, person: UUID) -> int:
        """How many misses a figure charges to a person by who held it when it was due, as known now."""
        figure = self.company.figure(code, "2025Q1", f"person:{person}", attribution="at_due")
        return int(figure["denominator"] - figure["numerator"])

    def an_instant_later(self) -> None:
        """Something is recorded an instant after they were due."""
        self.company.clock.now = self.due + INSTANT
        self.company.customer(HUADONG, complained(9, "2025-03-10 14:00"))


@pytest.fixture(params=NIGHT)
def three(company: Company, request: pytest.FixtureRequest) -> Three:
    """All that was promised, complained of and undertaken, recorded as it happened."""
    due: str = request.param
    company.at(NIGHT[due])
    held_by_lin(company, promise(1, due), complained(1, NIGHT[due]))
    ours = duty(on(due).isoformat())
    signed(company.api, HUADONG, ours)
    ids = {"commitment": commitment(1), "complaint": complaint(1), "obligation": UUID(ours["obligation_id"])}
    received = company.api.ask(f"complaints/{complaint(1)}")["complaint"]
    assert datetime.fromisoformat(received["resolution_due_at"]) == on(due)
    return Three(company, on(due), ids)


def handed_over(three: Three) -> None:
    """王磊 takes over at the very instant that they are due."""
    proposal = ProposeHandover(
        handover_id=HANDOVER, assignment_id=assignment(1), to_person=WANG, effective_at=three.due
    )
    three.company.customer(HUADONG, proposal)
    three.company.customer(HUADONG, AcceptHandover(handover_id=HANDOVER))


def everywhere(late: bool) -> dict[str, set[bool]]:  # noqa: FBT001 - what all say
    return {kind: {late} for kind in ("commitment", "complaint", "obligation")}


def test_at_its_due_instant_it_is_due_and_an_instant_later_it_is_late(three: Three) -> None:
    assert three.late(three.due - INSTANT) == everywhere(False)
    assert three.late(three.due) == everywhere(False)
    assert three.late(three.due + INSTANT) == everywhere(True)
    assert three.late(three.due + timedelta(minutes=30)) == everywhere(True), "outside of working time too"


@pytest.mark.parametrize("code", FIGURES)
def test_a_figure_counts_a_miss_from_the_instant_after(three: Three, code: str) -> None:
    three.company.clock.now = three.due
    three.company.customer(HUADONG, complained(8, "2025-03-10 14:00"))
    assert three.missed(code, LIN) == 0
    three.an_instant_later()
    assert three.missed(code, LIN) == 1


def test_a_handover_at_the_due_instant_gives_it_to_the_successor_not_yet_late(three: Three) -> None:
    handed_over(three)
    assert three.holders(three.due - INSTANT) == {str(LIN), str(WANG)}, "at_due is the same whenever one asks"
    assert three.holders(three.due) == {str(WANG)}
    assert three.late(three.due) == everywhere(False)
    (handover,) = three.company.api.ask("handovers")["items"]
    handed = {(one["item"].partition(":")[0], one["overdue"]) for one in handover["inventory"]}
    assert handed == {("commitment", False), ("complaint", False), ("obligation", False)}
    shares = three.ask(f"complaints/{complaint(1)}/clocks", three.due)["shares"]
    assert [one["person"] for one in shares] == [str(LIN)]
    three.an_instant_later()
    assert [(three.missed(code, LIN), three.missed(code, WANG)) for code in FIGURES] == [(0, 1), (0, 1)]


def test_a_handover_an_instant_later_leaves_it_to_the_predecessor_as_inherited_overdue(three: Three) -> None:
    moved = Three(three.company, three.due + INSTANT, three.ids)
    handed_over(moved)
    assert three.holders(three.due) == {str(LIN)}
    (handover,) = three.company.api.ask("handovers")["items"]
    assert {one["overdue"] for one in handover["inventory"]} == {True}
    assert len(handover["inventory"]) == 3


def test_who_leaves_at_the_due_instant_leaves_a_gap_there_and_is_marked(three: Three) -> None:
    three.company.clock.now = three.due
    three.company.person(LIN, DeactivatePerson(since=three.due))
    assert three.late(three.due) == everywhere(False)
    assert three.holders(three.due) == {str(LIN)}
    for at, left in ((three.due - INSTANT, False), (three.due, True)):
        for kind, identifier in three.ids.items():
            charges = three.ask("attribution", at, item=f"{kind}:{identifier}", rule="at_due")["charges"]
            assert [(one["person"], one["left"]) for one in charges] == [(str(LIN), left)], kind
    window = {"from": three.due - timedelta(days=1), "to": three.due + timedelta(days=1), "customer": HUADONG}
    (gap,) = three.company.api.ask("responsibility/gaps", **window)["gaps"]
    assert (gap["kind"], datetime.fromisoformat(gap["since"])) == ("left", three.due)
    assert {one["item"].partition(":")[0] for one in gap["uncovered"]} == set(three.ids)
    assert {datetime.fromisoformat(one["since"]) for one in gap["uncovered"]} == {three.due}
