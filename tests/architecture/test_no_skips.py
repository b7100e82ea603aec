"""In CI a skipped test is a failed one."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.no_skips import DATA_SETS_ABSENT


def pytest_in(folder: Path, source: str) -> subprocess.CompletedProcess[str]:
    (folder / "test_sample.py").write_text(f"import pytest\n{source}\n", encoding="utf-8")
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "tests.no_skips", "-p", "no:cacheprovider", "--rootdir", folder, folder],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize(
    "source",
    [
        "def test_a():\n    pytest.skip('no broker here')",
        "@pytest.mark.skip(reason='no broker here')\ndef test_a(): ...",
        "@pytest.mark.skipif(True, reason='no broker here')\ndef test_a(): ...",
        "pytest.skip('no broker here', allow_module_level=True)",
        "@pytest.fixture\ndef broker():\n    pytest.skip('no broker here')\ndef test_a(broker): ...",
    ],
)
def test_a_skipped_test_fails_the_run(tmp_path: Path, source: str) -> None:
    run = pytest_in(tmp_path, source)
    assert run.returncode != 0
    assert "nothing may be skipped in CI: Skipped: no broker here" in run.stdout


def test_a_run_without_skips_passes(tmp_path: Path) -> None:
    assert pytest_in(tmp_path, "def test_a(): ...").returncode == 0


def test_data_sets_that_a_clone_does_not_have_may_be_absent(tmp_path: Path) -> None:
    run = pytest_in(tmp_path, f"def test_a():\n    pytest.skip({DATA_SETS_ABSENT!r})")
    assert run.returncode == 0
    assert "1 skipped" in run.stdout
