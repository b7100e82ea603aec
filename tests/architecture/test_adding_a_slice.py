"""The steps of CONTRIBUTING lead to a slice that works: they are taken on a copy of the tree, literally."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.architecture.steps import Step, steps

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
STEPS = steps(PAGE)
BIN = Path(sys.executable).parent
SLICE = (
    "tests/architecture/slice_as_built.py",
    "tests/architecture/test_lists_agree.py",
    "tests/domain/test_needs.py",
    "tests/domain/test_samples.py",
    "tests/domain/test_free_texts.py",
    "tests/domain/test_refusals.py",
    "tests/language/test_labels.py",
    "tests/language/test_problems.py",
    "tests/language/test_descriptions.py",
)
"""What is asked of the copy: the slice itself, and the tests that every slice has to pass."""
EVERY = ("shape", "code", "refusal", "command", "event_has")
ABOUT = " or ".join(("need", "slice_as_built", "lists_agree", *(f"every_{one}" for one in EVERY)))
"""Of tests that are given each message, those of the new ones; and those that compare one list with another."""


def taken(folder: Path, leaving_out: str | None = None) -> Path:
    """A copy of the tree in which the steps were taken, but for those that change one of the files."""
    listed = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    names = subprocess.run(listed, cwd=ROOT, capture_output=True, text=True, check=True).stdout.split("\0")
    for name in names:
        if (ROOT / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, folder / name)
    for step in STEPS:
        if step.path != leaving_out:
            step.take(folder)
    return folder


def run(folder: Path, tool: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run a tool on the copy, which goes before the tree that this is."""
    environment = {**os.environ, "PYTHONPATH": str(folder), "PYTHONDONTWRITEBYTECODE": "1"}
    return subprocess.run(
        [BIN / tool, *arguments], cwd=folder, env=environment, capture_output=True, text=True, check=False
    )


def asked(folder: Path, *files: str) -> subprocess.CompletedProcess[str]:
    """Run tests about the slice."""
    return run(folder, "pytest", "-q", "-p", "no:cacheprovider", "-k", ABOUT, *files)


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The copy with all steps taken."""
    return taken(tmp_path_factory.mktemp("built"))


def test_every_block_of_code_names_its_file() -> None:
    assert len(re.findall(r"^```\w", PAGE, re.MULTILINE)) == len(STEPS)
    assert {"events/customer/needs.py", "commands/customer/needs.py"} <= {one.path for one in STEPS if not one.is_diff}


def test_the_slice_works(built: Path) -> None:
    done = asked(built, *SLICE)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize(
    ("tool", "arguments"),
    [
        ("ruff", ("check", "--no-cache", ".")),
        ("ruff", ("format", "--check", "--no-cache", ".")),
        ("mypy", ()),
        ("lint-imports", ("--no-cache", "--no-logo")),
    ],
)
def test_the_slice_reads_as_the_rest_does(built: Path, tool: str, arguments: tuple[str, ...]) -> None:
    done = run(built, tool, *arguments)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize(
    ("path", "missed"),
    [
        ("events/catalogue.py", "tests/domain/test_samples.py"),
        ("services/language/events.toml", "tests/language/test_descriptions.py"),
        ("projections/registry.py", "tests/architecture/test_lists_agree.py"),
    ],
)
def test_a_step_that_is_left_out_is_missed(tmp_path: Path, path: str, missed: str) -> None:
    done = asked(taken(tmp_path, leaving_out=path), "--exitfirst", missed)
    assert done.returncode == 1, done.stdout + done.stderr
    assert f"FAILED {missed}::test_every" in done.stdout


def test_a_line_beside_one_that_is_not_there_is_no_step(tmp_path: Path) -> None:
    (tmp_path / "list.py").write_text("ONE\nTWO\n", encoding="utf-8")
    Step("list.py", " ONE\n+MORE\n-TWO\n+THREE\n", is_diff=True).take(tmp_path)
    assert (tmp_path / "list.py").read_text(encoding="utf-8") == "ONE\nMORE\nTHREE\n"
    with pytest.raises(AssertionError, match="does not have this once"):
        Step("list.py", " TWO\n+FOUR\n", is_diff=True).take(tmp_path)
