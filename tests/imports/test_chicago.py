"""67,497 real inspections: who answered for each licence on any day, and how often that changed.

The answers were computed from the file by others. Theirs: the responsible inspector on a day is that of the last visit
until then; a handover is a change between consecutive days of a licence, days with two inspectors left out.
"""

import json
from collections import Counter, defaultdict
from datetime import datetime, time
from itertools import pairwise
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from services.application import Zeren
from tests.imports.answers import Imported, answers, import_history

CHICAGO = ZoneInfo("America/Chicago")
ROLE = "account_manager"

pytestmark = pytest.mark.timeout(1800)  # the first of them imports the whole history


@pytest.fixture(scope="module")
def files(data_sets: Path) -> Path:
    return data_sets / "chicago-inspections"


@pytest.fixture(scope="module")
def imported(history: Zeren, files: Path, repository_root: Path) -> Imported:
    return import_history(
        history, repository_root / "examples" / "imports" / "chicago-visits.toml", files / "visits.csv.gz"
    )


@pytest.fixture(scope="module")
def inspectors(imported: Imported) -> dict[str, str]:
    """Person id → colour."""
    return {person: name.removeprefix("Inspector ") for person, name in imported.names("person.registered").items()}


@pytest.fixture(scope="module")
def visits(imported: Imported, inspectors: dict[str, str]) -> list[tuple[str, str, str]]:
    """Licence, day, inspector of every visit in the ledger."""
    return [
        (
            one["content"].rpartition("(licence ")[2].removesuffix(")."),
            f"{datetime.fromisoformat(one['visited_at']).astimezone(CHICAGO):%Y-%m-%d}",
            inspectors[one["our_attendees"][0]],
        )
        for one in imported.data("customer.visit-recorded")
    ]


@pytest.fixture(scope="module")
def licences(imported: Imported) -> dict[str, str]:
    """Licence → stream."""
    return {
        one["content"].rpartition("(licence ")[2].removesuffix(")."): one["stream"]
        for one in imported.data("customer.visit-recorded")
    }


def test_every_row_with_a_licence_goes_in(imported: Imported) -> None:
    assert imported.report.rows == 67_497
    assert imported.report.rejected == {"row.absent": 9}
    assert {one["License"].strip() for one in imported.rejected()} == {""}
    assert imported.report.imported == 67_497 - 9


def test_who_answered_for_a_licence_on_a_day(
    imported: Imported, files: Path, licences: dict[str, str], inspectors: dict[str, str]
) -> None:
    asked = list(answers(files / "expected" / "responsible_inspector_at.csv"))
    assert len(asked) == 1000
    for question in asked:
        at = datetime.combine(datetime.fromisoformat(question["date"]), time(12), CHICAGO)
        person = imported.who(licences[question["License"]], ROLE, at)
        assert inspectors.get(person or "", "NONE") == question["last_visiting_inspector"], question


def test_visits_by_inspector(imported: Imported, files: Path, visits: list[tuple[str, str, str]]) -> None:
    left_out = [
        (one["License"].strip(), one["Inspection_Date"], one["Inspector_Assigned"]) for one in imported.rejected()
    ]
    count = Counter(inspector for _, _, inspector in [*visits, *left_out])
    for one in answers(files / "expected" / "visits_by_inspector.csv"):
        inspector = one["Inspector_Assigned"]
        theirs = [visit for visit in [*visits, *left_out] if visit[2] == inspector]
        assert count.pop(inspector) == int(one["visits"])
        assert len({licence for licence, _, _ in theirs}) == int(one["licences"])
        assert len({day for _, day, _ in theirs}) == int(one["days"])
    assert not count


def test_how_often_a_licence_changed_hands(
    imported: Imported,
    files: Path,
    visits: list[tuple[str, str, str]],
    licences: dict[str, str],
    inspectors: dict[str, str],
) -> None:
    visited: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for licence, day, inspector in visits:
        visited[licence][day].add(inspector)
    ambiguous = sum(len(found) > 1 for days in visited.values() for found in days.values())
    holdings = defaultdict(list)
    for one in imported.holdings(ROLE):
        holdings[one["stream"]].append((f"{one['since'].astimezone(CHICAGO):%Y-%m-%d}", inspectors[str(one["person"])]))
    handovers: dict[str, int] = {}
    for licence, days in visited.items():
        held = [
            [inspector for since, inspector in holdings[licences[licence]] if since <= day][-1]
            for day in sorted(days)
            if len(days[day]) == 1
        ]
        handovers[licence] = sum(before != after for before, after in pairwise(held))
    expected = {
        one["License"].strip(): int(one["handovers"]) for one in answers(files / "expected" / "per_licence.csv.gz")
    }
    without_licence = expected.pop("")
    assert handovers == expected
    summary = json.loads((files / "expected" / "summary.json").read_text(encoding="utf-8"))
    assert ambiguous == summary["licence_days_with_two_inspectors"] == 35
    assert sum(handovers.values()) + without_licence == 18_180
    assert sum(count > 0 for count in handovers.values()) + 1 == 10_850
    assert summary["inspector_handovers_between_consecutive_licence_days"] == 18_180
    assert summary["licences_with_handover"] == 10_850
