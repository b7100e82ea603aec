"""In CI a skipped test is a failed one."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.no_skips import DATA_SETS_ABSENT

SKIPPING = [
    "def test_a():\n    pytest.skip('no broker here')",
    "@pytest.mark.skip(reason='no broker here')\ndef test_a(): ...",
    "@pytest.mark.skipif(True, reason='no broker here')\ndef test_a(): ...",
    "pytest.skip('no broker here', allow_module_level=True)",
    "@pytest.fixture\ndef broker():\n    pytest.skip('no broker here')\ndef test_a(broker): ...",
]
SAID = "nothing may be skipped in CI: Skipped: no broker here"


def pytest_in(folder: Path, *sources: str, workers: int = 0) -> subprocess.CompletedProcess[str]:
    for number, source in enumerate(sources):
        (folder / f"test_{number}.py").write_text(f"import pytest\n{source}\n", encoding="utf-8")
    # Its files lie here: whoever else runs pytest closes the common folder to the servers in it.
    own: list[str | Path] = [
        "-p",
        "no:cacheprovider",
        "--basetemp",
        folder / "own",
        "--rootdir",
        folder,
        f"--numprocesses={workers}",
    ]
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "tests.no_skips", *own, folder],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("source", SKIPPING)
def test_a_skipped_test_fails_the_run(tmp_path: Path, source: str) -> None:
    run = pytest_in(tmp_path, source)
    assert run.returncode != 0
    assert SAID in run.stdout


def test_no_worker_may_skip_a_test(tmp_path: Path) -> None:
    run = pytest_in(tmp_path, *SKIPPING, "def test_a(): ...", workers=2)
    assert run.returncode != 0
    assert run.stdout.count(SAID) >= len(SKIPPING), run.stdout
    assert run.stdout.splitlines()[-1].startswith("="), run.stdout


def test_a_run_without_skips_passes(tmp_path: Path) -> None:
    assert pytest_in(tmp_path, "def test_a(): ...").returncode == 0


def test_data_sets_that_a_clone_does_not_have_may_be_absent(tmp_path: Path) -> None:
    run = pytest_in(tmp_path, f"def test_a():\n    pytest.skip({DATA_SETS_ABSENT!r})")
    assert run.returncode == 0
    assert "1 skipped" in run.stdout
