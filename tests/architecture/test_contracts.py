"""Every import contract holds, and a planted violation proves that it can fail."""

import shutil
import subprocess
import sys
import tomllib
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGES = ("commands", "events", "aggregates", "projections", "services")
CONTRACTS = [
    contract["name"]
    for contract in tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]["contracts"]
]


@dataclass(frozen=True)
class Plant:
    """A line that breaks a contract where it is added to a file."""

    contract: str
    file: str
    line: str


EVENTS = "events import nothing of ours, and pydantic"
COMMANDS = "commands import the vocabulary of events, and pydantic"
AGGREGATES = "aggregates import commands and events, and nothing installed"
PROJECTIONS = "projections import events, and pydantic"
SERVICES = "services import no tests"
HANDLING = "handling asks no views of its own"
CUSTOMER = "slices of the customer know one another as the account says, and no closer"
PROJECT = "slices of the project know one another as the delivery says, and no closer"
PERSON = "slices of the person know nothing of one another"
POLICY = "slices of the policy know nothing of one another"

PLANTS = [
    Plant(EVENTS, "events/customer/visits.py", "import fastapi"),
    Plant(EVENTS, "events/customer/visits.py", "from commands.base import Command"),
    Plant(EVENTS, "events/base.py", "import aggregates.refusal"),
    Plant(EVENTS, "events/vocabulary/values.py", "import psycopg"),
    Plant(COMMANDS, "commands/customer/visits.py", "from events.customer.visits import VisitRecorded"),
    Plant(COMMANDS, "commands/base.py", "import events"),
    Plant(COMMANDS, "commands/base.py", "import aggregates"),
    Plant(COMMANDS, "commands/catalogue.py", "import typer"),
    Plant(AGGREGATES, "aggregates/customer/visits.py", "from pydantic import BaseModel"),
    Plant(AGGREGATES, "aggregates/decider.py", "import eventsourcing.domain"),
    Plant(AGGREGATES, "aggregates/intervals.py", "import projections"),
    Plant(AGGREGATES, "aggregates/refusal.py", "def late() -> None:\n    import services"),
    Plant(PROJECTIONS, "projections/__init__.py", "import psycopg"),
    Plant(PROJECTIONS, "projections/__init__.py", "from aggregates.refusal import Refused"),
    Plant(PROJECTIONS, "projections/__init__.py", "import commands.base"),
    Plant(SERVICES, "services/__init__.py", "import tests.architecture"),
    Plant(SERVICES, "services/__init__.py", "import benchmarks"),
    Plant(SERVICES, "services/__init__.py", "import soak"),
    Plant(HANDLING, "services/handling/completing.py", "import services.questions.moves"),
    Plant(HANDLING, "services/handling/threads.py", "from services.completions import completing"),
    Plant(CUSTOMER, "aggregates/customer/visits.py", "from aggregates.customer import commitments"),
    Plant(CUSTOMER, "aggregates/customer/account.py", "import aggregates.customer.tier"),
    Plant(CUSTOMER, "aggregates/customer/tier.py", "import aggregates.customer.decider"),
    Plant(CUSTOMER, "aggregates/customer/slice_nobody_listed.py", "import aggregates.customer.tier"),
    Plant(PROJECT, "aggregates/project/acceptance.py", "import aggregates.project.initiation"),
    Plant(PERSON, "aggregates/person/directory.py", "import aggregates.person.state"),
    Plant(POLICY, "aggregates/policy/editions.py", "import aggregates.policy.rules"),
]


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """The packages, the contracts and our contract type in a folder of their own."""
    for package in (*PACKAGES, "tests/architecture"):
        shutil.copytree(ROOT / package, tmp_path / package, ignore=shutil.ignore_patterns("__pycache__", "test_*"))
    for file in ("pyproject.toml", "tests/__init__.py"):
        shutil.copy(ROOT / file, tmp_path / file)
    return tmp_path


def lint_imports(folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--no-cache", "--no-logo"],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )


def broken(report: str) -> list[str]:
    return [line.removesuffix(" BROKEN") for line in report.splitlines() if line.endswith(" BROKEN")]


def test_every_contract_holds(copy: Path) -> None:
    run = lint_imports(copy)
    assert run.returncode == 0, run.stdout + run.stderr
    assert f"Contracts: {len(CONTRACTS)} kept, 0 broken." in run.stdout


@pytest.mark.parametrize("plant", PLANTS, ids=lambda plant: f"{plant.file}: {plant.line}")
def test_a_planted_violation_breaks_its_contract(copy: Path, plant: Plant) -> None:
    with (copy / plant.file).open("a", encoding="utf-8") as file:
        file.write(f"\n{plant.line}\n")
    run = lint_imports(copy)
    assert run.returncode == 1, run.stdout + run.stderr
    assert broken(run.stdout) == [plant.contract]


def test_no_contract_is_without_a_planted_violation() -> None:
    assert {plant.contract for plant in PLANTS} == set(CONTRACTS)


@pytest.mark.parametrize("package", PACKAGES)
def test_a_package_is_ours_from_wherever_it_is_imported(package: str, tmp_path: Path) -> None:
    """Foreign distributions may carry an `events` package of their own."""
    run = subprocess.run(
        [sys.executable, "-c", f"import {package}; print({package}.__file__)"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    )
    assert Path(run.stdout.strip()) == ROOT / package / "__init__.py"
