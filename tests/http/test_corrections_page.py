"""What docs/corrections.md says is tried literally: its lines run against a server, its codes are refusals."""

import re
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
import uvicorn

from services.application import Zeren
from services.http.app import create_app
from services.language.texts import texts
from services.settings import Settings
from tests.waiting import PATIENCE, eventually

PAGE = (Path(__file__).parents[2] / "docs" / "corrections.md").read_text(encoding="utf-8")
LINES = "\n".join(re.findall(r"^```sh\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL))
REFUSED = PAGE.partition("## What is refused")[2].partition("## By hand")[0]


@pytest.fixture
def address(zeren: Zeren) -> Iterator[str]:
    """A server on loopback."""
    config = uvicorn.Config(create_app(zeren, Settings(dev_auth=True)), port=0, log_level="warning", ws="none")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run)
    thread.start()
    eventually(lambda: server.started)
    yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    server.should_exit = True
    thread.join()


def test_its_lines_do_what_it_says(address: str) -> None:
    assert "http://127.0.0.1:8000" in LINES
    asked = re.sub(r"^(get (?:.*\|\n)*.*)$", r"until \1; do sleep 0.1; done", LINES, flags=re.MULTILINE)
    settled = asked.replace("http://127.0.0.1:8000", address)
    ended = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", settled], capture_output=True, text=True, timeout=PATIENCE, check=False
    )
    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert ended.stdout.count('"code"') == 1
    assert ended.stderr == ""


def test_every_code_that_it_names_is_a_refusal_with_a_message() -> None:
    named = set(re.findall(r"`([a-z]+(?:\.[a-z-]+)+)`", REFUSED))
    assert named
    known = {key.partition(".")[2] for key in texts("problems")}
    assert {code for code in named if f"{code}.title" not in known} == set()
