"""Processes start, say where they are, answer, and end cleanly."""

import os
import re
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from uuid import uuid4

import httpx2
import pytest

from services.store.embedded.postmaster import processes_on, server_on
from tests.cli.running import run
from tests.waiting import PATIENCE, eventually

ZEREN = Path(sys.executable).parent / "zeren"
get, post = partial(httpx2.get, timeout=PATIENCE), partial(httpx2.post, timeout=PATIENCE)
WAITING = """
import sys, time
from pathlib import Path
from services.cli.options import open_ledger
from services.cli.refusing import refusing

def command() -> None:
    with open_ledger(Path(sys.argv[1])):
        print("open", flush=True)
        time.sleep(1000)

refusing(command)()
"""
READY = re.compile(r"^Zeren is ready: (http://\S+)$")


def environment(**settings: str) -> dict[str, str]:
    """The environment of a process, without settings of ours but those given."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("ZEREN_")}
    return {**inherited, "COLUMNS": "400", "NO_COLOR": "1", **settings}


@contextmanager
def serving(*arguments: str, **settings: str) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    """A server process and its URL; it is ended by SIGTERM, cleanly."""
    with subprocess.Popen(
        [ZEREN, *arguments], env=environment(**settings), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        watchdog = threading.Timer(2 * PATIENCE, process.kill)
        watchdog.start()
        try:
            assert process.stdout is not None
            first = process.stdout.readline()
            matched = READY.match(first)
            assert matched, (first, process.stderr.read() if process.stderr else "")
            yield matched[1], process
            process.send_signal(signal.SIGTERM)
            process.communicate(timeout=PATIENCE)
            assert process.returncode == 0
        finally:
            watchdog.cancel()
            process.kill()


def test_serve_starts_answers_and_ends_cleanly(database_url: str) -> None:
    with serving("serve", "--port", "0", ZEREN_DATABASE_URL=database_url, ZEREN_AUTH="dev") as (url, _):
        assert get(f"{url}/readyz").json()["ready"]
        made = post(f"{url}/v1/customers", json={"name": "甲"}, headers={"Authorization": "Dev system"})
        assert made.status_code == 201
        foreign = get(f"{url}/v1/events", headers={"Authorization": "Dev system", "Host": "evil.example"})
        assert foreign.status_code == 400


def test_an_open_stream_ends_whole_with_the_server(database_url: str) -> None:
    with serving("serve", "--port", "0", ZEREN_DATABASE_URL=database_url, ZEREN_AUTH="dev") as (url, process):
        headers = {"Authorization": "Dev system"}
        with httpx2.stream("GET", f"{url}/v1/events/stream", headers=headers, timeout=PATIENCE) as stream:
            lines = stream.iter_lines()
            assert next(lines).startswith("id: 1")
            process.send_signal(signal.SIGTERM)
            assert any(line.startswith("id: 4") for line in lines)


def test_the_embedded_database_keeps_its_facts_in_the_folder(server_folder: Path) -> None:
    data = str(server_folder / "ledger")
    customer = f"customers/{uuid4()}"
    as_system = {"Authorization": "Dev system"}
    with serving("serve", "--port", "0", "--data", data, ZEREN_AUTH="dev") as (url, _):
        made = post(f"{url}/v1/{customer}/register-customer", json={"name": "甲公司"}, headers=as_system)
        assert made.status_code == 201
    with serving("serve", "--port", "0", "--data", data, ZEREN_AUTH="dev") as (url, _):
        again = post(f"{url}/v1/{customer}/register-customer", json={"name": "甲公司"}, headers=as_system)
        assert again.status_code == 200


def test_an_embedded_database_that_dies_is_started_again(server_folder: Path) -> None:
    with serving("serve", "--port", "0", "--data", str(server_folder), ZEREN_AUTH="dev") as (url, _):
        died = server_on(server_folder / "postgres")
        assert died is not None
        os.kill(died.pid, signal.SIGKILL)

        def recorded() -> bool:
            headers = {"Authorization": "Dev system"}
            return post(f"{url}/v1/customers", json={"name": "甲"}, headers=headers).status_code == 201

        eventually(recorded)
        eventually(lambda: get(f"{url}/readyz").json().get("failures") == [])
    assert processes_on(server_folder / "postgres") == []


def test_a_command_that_is_told_to_end_takes_its_server_with_it(server_folder: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", WAITING, server_folder], env=environment(), stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "open\n"
        process.terminate()
        assert process.wait(PATIENCE) == 128 + signal.SIGTERM
    assert processes_on(server_folder / "postgres") == []


def test_a_folder_without_a_database_of_ours_is_said(server_folder: Path) -> None:
    (server_folder / "postgres").mkdir()
    (server_folder / "postgres" / "letter.txt").touch()
    for command in ("serve", "project", "demo", "verify"):
        ended = run(command, "--data", str(server_folder))
        assert (ended.exit_code, "not empty" in ended.stderr) == (2, True), ended.exception
    ended = run("relay", "--data", str(server_folder), ZEREN_KAFKA_BOOTSTRAP_SERVERS="127.0.0.1:1")
    assert (ended.exit_code, "not empty" in ended.stderr) == (2, True), ended.exception


def test_serving_and_projecting_can_be_two_processes(database_url: str) -> None:
    settings = {"ZEREN_DATABASE_URL": database_url, "ZEREN_AUTH": "dev"}
    with subprocess.Popen([ZEREN, "project"], env=environment(**settings)) as projector:
        try:
            with serving("serve", "--port", "0", "--no-projector", "--no-relay", **settings) as (url, _):
                headers = {"Authorization": "Dev system"}
                made = post(f"{url}/v1/customers", json={"name": "甲"}, headers=headers).json()
                asked = {"subject": made["stream"], "at_least": made["position"]}

                def position() -> int:
                    found = get(f"{url}/v1/responsibility", params=asked, headers=headers)
                    # On a busy machine the projector may be late.
                    return 0 if found.status_code == 503 else int(found.json()["position"])

                assert eventually(position) >= made["position"]
            projector.send_signal(signal.SIGTERM)
            assert projector.wait(timeout=PATIENCE) == 0
        finally:
            projector.kill()


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.1", "example.com"])  # noqa: S104 - it must be refused
@pytest.mark.parametrize("command", ["serve", "demo"])
def test_development_access_is_refused_off_loopback(database_url: str, host: str, command: str) -> None:
    ended = run(command, "--host", host, ZEREN_DATABASE_URL=database_url, ZEREN_AUTH="dev")
    assert ended.exit_code == 2
    assert "loopback" in ended.stderr


def test_an_unknown_kind_of_access_is_refused(database_url: str) -> None:
    for command in ("serve", "project", "relay"):
        ended = run(command, ZEREN_DATABASE_URL=database_url, ZEREN_AUTH="none")
        assert (ended.exit_code, "ZEREN_AUTH" in ended.stderr) == (2, True)


def test_notices_are_on_or_off(database_url: str) -> None:
    ended = run("serve", ZEREN_DATABASE_URL=database_url, ZEREN_NOTIFY="maybe")
    assert (ended.exit_code, "ZEREN_NOTIFY" in ended.stderr) == (2, True)


def test_a_replica_that_is_none_is_refused(new_database: Callable[[], str]) -> None:
    ended = run("serve", ZEREN_DATABASE_URL=new_database(), ZEREN_READ_URL=new_database())
    assert (ended.exit_code, "another ledger" in ended.stderr) == (2, True)


@pytest.mark.parametrize("command", ["serve", "demo", "rebuild"])
@pytest.mark.parametrize("url", ["postgresql://nobody@127.0.0.1:1/none", "postgresql://:secret@[", "not=secret"])
def test_a_database_that_cannot_be_used_is_said(monkeypatch: pytest.MonkeyPatch, command: str, url: str) -> None:
    monkeypatch.setattr("services.store.database._PATIENCE", 0.5)
    ended = run(command, ZEREN_DATABASE_URL=url)
    assert (ended.exit_code, "PostgreSQL cannot be used" in ended.stderr) == (2, True), ended.exception
    assert "secret" not in ended.stderr


def test_a_taken_port_is_said(database_url: str) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        ended = run("serve", "--port", str(taken.getsockname()[1]), ZEREN_DATABASE_URL=database_url)
    assert (ended.exit_code, "cannot listen" in ended.stderr) == (2, True)
