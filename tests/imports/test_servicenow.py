"""890 real incidents: who had each at any time, how often it changed hands, how long it lay with whom.

The answers were computed from the file by others. Theirs: rows of an incident in the order of time and place in the
file; the owner at an instant is that of the last row until then; a handover is a change between consecutive known
values; the hours of a row run to the next row of the incident.
"""

import json
from collections import Counter, defaultdict
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from services.application import Zeren
from services.imports.importing import Importer
from services.imports.mapping import read_mapping
from services.imports.tables import look_over
from tests.imports.answers import Imported, answers, import_history

DESK, ASSIGNEE = "team_lead", "technical_support"
NOBODY = "?"
EXPECTED_HOURS = "time_in_ownership_by_assignee_first890.csv"
HOUR = timedelta(hours=1)

pytestmark = pytest.mark.timeout(1800)  # the first of them imports the whole history


@pytest.fixture(scope="module")
def files(data_sets: Path) -> Path:
    return data_sets / "servicenow-incidents"


@pytest.fixture(scope="module")
def imported(history: Zeren, files: Path, repository_root: Path) -> Imported:
    mapping = repository_root / "examples" / "imports" / "servicenow-incidents.toml"
    return import_history(history, mapping, files / "incidents_first890.csv.gz")


@pytest.fixture(scope="module")
def people(imported: Imported) -> dict[str, str]:
    """Person id → what the source calls them."""
    return {person: name.rpartition(" ")[2] for person, name in imported.names("person.registered").items()}


@pytest.fixture(scope="module")
def cases(imported: Imported) -> dict[str, str]:
    """Incident number → subject."""
    return {
        one["content"].partition(":")[0].removeprefix("Incident "): f"complaint:{one['complaint_id']}"
        for one in imported.data("customer.complaint-received")
    }


@pytest.fixture(scope="module")
def expected_cases(files: Path) -> dict[str, dict[str, str]]:
    return {one["number"]: one for one in answers(files / "expected" / "per_case_first890.csv")}


def instant(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def test_every_row_goes_in(imported: Imported, cases: dict[str, str]) -> None:
    assert imported.report.rows == 5998
    assert imported.left_out == ()
    assert imported.report.imported + imported.report.unchanged == 5998
    assert len(cases) == 890


def test_who_had_an_incident_at_a_time(
    imported: Imported, files: Path, cases: dict[str, str], people: dict[str, str]
) -> None:
    asked = list(answers(files / "expected" / "owner_at_first890.csv"))
    assert len(asked) == 200
    for question in asked:
        at = instant(question["at"])
        for role, column in ((DESK, "assignment_group"), (ASSIGNEE, "assigned_to")):
            person = imported.who(cases[question["number"]], role, at)
            expected = question[column].replace("NOT_OPEN_YET", NOBODY)
            assert people.get(person or "", NOBODY) == expected, question


def handovers(imported: Imported, role: str) -> Counter[str]:
    """Subject → how often somebody else was assigned than before, those superseded within a minute included."""
    last: dict[str, str] = {}
    count: Counter[str] = Counter()
    for assigned in imported.data("responsibility.assigned"):
        if assigned["role"] == role:
            subject = assigned["subject"]
            count[subject] += last.get(subject, assigned["person"]) != assigned["person"]
            last[subject] = assigned["person"]
    return count


@pytest.mark.parametrize(("role", "column"), [(DESK, "group_handovers"), (ASSIGNEE, "assignee_handovers")])
def test_how_often_an_incident_changed_hands(
    imported: Imported,
    files: Path,
    cases: dict[str, str],
    expected_cases: dict[str, dict[str, str]],
    role: str,
    column: str,
) -> None:
    found = handovers(imported, role)
    assert {number: found[cases[number]] for number in expected_cases} == {
        number: int(one[column]) for number, one in expected_cases.items()
    }
    summary = json.loads((files / "expected" / "summary_first890.json").read_text(encoding="utf-8"))
    assert found.total() == summary[column]


def held(
    imported: Imported, cases: dict[str, str], expected_cases: dict[str, dict[str, str]]
) -> dict[str, list[tuple[str, timedelta]]]:
    """Incident → assignee and how long, between the first and the last row of the incident."""
    numbers = {subject: number for number, subject in cases.items()}
    found: dict[str, list[tuple[str, timedelta]]] = defaultdict(list)
    for one in imported.holdings(ASSIGNEE):
        number = numbers[one["subject"]]
        last = instant(expected_cases[number]["last_event"])
        found[number].append((str(one["person"]), max(min(one["until"] or last, last) - one["since"], timedelta(0))))
    return found


def test_how_long_an_incident_lay_with_nobody(
    imported: Imported, cases: dict[str, str], expected_cases: dict[str, dict[str, str]]
) -> None:
    found = held(imported, cases, expected_cases)
    for number, one in expected_cases.items():
        whole = instant(one["last_event"]) - instant(one["first_event"])
        without = whole - sum((share for _, share in found[number]), timedelta(0))
        assert without / HOUR == pytest.approx(float(one["hours_without_assignee"]), abs=1e-6), number


def test_how_long_each_assignee_had_incidents(
    imported: Imported,
    files: Path,
    cases: dict[str, str],
    expected_cases: dict[str, dict[str, str]],
    people: dict[str, str],
) -> None:
    hours: dict[str, timedelta] = defaultdict(timedelta)
    for shares in held(imported, cases, expected_cases).values():
        for person, share in shares:
            hours[people[person]] += share
    had = defaultdict(set)
    for assigned in imported.data("responsibility.assigned"):
        if assigned["role"] == ASSIGNEE:
            had[people[assigned["person"]]].add(assigned["subject"])
    expected = {one["assigned_to"]: one for one in answers(files / "expected" / EXPECTED_HOURS)}
    # Nobody's hours: those of the scenario above, and of them in how many incidents.
    without = expected.pop(NOBODY)
    assert float(without["hours"]) == pytest.approx(
        sum(float(one["hours_without_assignee"]) for one in expected_cases.values()), abs=1e-3
    )
    assert had.keys() == expected.keys()
    for assignee, one in expected.items():
        assert hours[assignee] / HOUR == pytest.approx(float(one["hours"]), abs=1e-6), assignee
        assert len(had[assignee]) == int(one["cases"]), assignee


def test_nothing_is_known_before_the_row_that_says_it(
    imported: Imported, expected_cases: dict[str, dict[str, str]], cases: dict[str, str]
) -> None:
    resolved = {f"complaint:{one['complaint_id']}" for one in imported.data("customer.complaint-resolved")}
    assert resolved == set(cases.values())
    closed = {f"complaint:{one['complaint_id']}": one["at"] for one in imported.data("customer.complaint-closed")}
    assert len(closed) == 890
    assert all(
        instant(one["first_event"]) <= datetime.fromisoformat(closed[cases[number]]) <= instant(one["last_event"])
        for number, one in expected_cases.items()
    )


def test_holders_of_an_incident_do_not_overlap(imported: Imported) -> None:
    for role in (DESK, ASSIGNEE):
        for before, after in pairwise(imported.holdings(role)):
            assert before["subject"] != after["subject"] or before["until"] <= after["since"]


def test_the_same_log_again_changes_nothing(imported: Imported, files: Path, repository_root: Path) -> None:
    mapping = read_mapping(repository_root / "examples" / "imports" / "servicenow-incidents.toml")
    size = imported.zeren.ledger.size()
    report = Importer(imported.zeren.handler, mapping).run(
        look_over(files / "incidents_first890.csv.gz", mapping.source)
    )
    assert (report.imported_before, imported.zeren.ledger.size()) == (5998, size)
