"""Nothing that a run of tests has started outlives it, not even one that is killed."""

import signal
import subprocess
import sys
from pathlib import Path

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


def test_a_run_that_is_killed_leaves_no_process_and_no_folder(tmp_path: Path, repository_root: Path) -> None:
    folder = tmp_path / "run"
    folder.mkdir()
    killed = subprocess.run([sys.executable, "-c", RUN, folder], cwd=repository_root, check=False)
    assert killed.returncode == -signal.SIGKILL
    eventually(lambda: not folder.exists())
    assert left_behind(str(folder)) == []
