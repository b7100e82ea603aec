"""Nothing that a run of tests has started outlives it, not even one that is killed."""

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.guardian import left_behind
from tests.waiting import eventually

RUN = """
import os, signal, subprocess, sys
from pathlib import Path
from tests.guardian import watch_over

watch_over(Path(sys.argv[1]))
subprocess.Popen(["sleep", "1000"], start_new_session=True)
os.kill(os.getpid(), signal.SIGKILL)
"""


SERVER = """
import os, signal, sys
from pathlib import Path
from services.store.embedded import embedded_url
from tests.guardian import watch_over

watch_over(Path(sys.argv[1]))
embedded_url(Path(sys.argv[1]) / "closed" / "ledger")
(Path(sys.argv[1]) / "closed").chmod(0o700)
if sys.argv[2] == "killed":
    os.kill(os.getpid(), signal.SIGKILL)
raise AssertionError("a test has failed")
"""


@pytest.mark.parametrize("how", ["killed", "failed"])
def test_a_run_leaves_no_server_though_its_folder_was_closed(
    server_folder: Path, repository_root: Path, how: str
) -> None:
    folder = server_folder / "run"
    folder.mkdir()
    ended = subprocess.run(
        [sys.executable, "-c", SERVER, folder, how], cwd=repository_root, check=False, capture_output=True, text=True
    )
    assert ended.returncode in {1, -signal.SIGKILL}
    assert "denied" not in ended.stderr
    eventually(lambda: not folder.exists())
    assert left_behind(str(folder)) == []


def test_a_run_that_is_killed_leaves_no_process_and_no_folder(tmp_path: Path, repository_root: Path) -> None:
    folder = tmp_path / "run"
    folder.mkdir()
    killed = subprocess.run([sys.executable, "-c", RUN, folder], cwd=repository_root, check=False)
    assert killed.returncode == -signal.SIGKILL
    eventually(lambda: not folder.exists())
    assert left_behind(str(folder)) == []
