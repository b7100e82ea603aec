"""An embedded server is found, joined, started again and ended, and nothing else is touched."""

import os
import shutil
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import psycopg
import pytest

from services.store.embedded import embedded
from services.store.embedded.postmaster import Postmaster, processes_on, server_on
from services.store.unusable import NoDatabaseError
from tests.waiting import PATIENCE, eventually

JOIN = """
import sys
from pathlib import Path
from services.store.embedded import embedded_url
print(embedded_url(Path(sys.argv[1])), flush=True)
sys.stdin.read()
"""


@pytest.fixture
def data(server_folder: Path) -> Path:
    """The data directory of a server that was started once and ended well."""
    with embedded(server_folder):
        pass
    return server_folder / "postgres"


@pytest.fixture
def stranger() -> Iterator[subprocess.Popen[bytes]]:
    """A program that has nothing to do with us."""
    with subprocess.Popen(["sleep", "1000"]) as process:
        yield process
        process.kill()


def answers(url: str) -> bool:
    """Whether the server lets us in."""
    try:
        psycopg.connect(url).close()
    except psycopg.OperationalError:
        return False
    return True


def pid_file(data: Path, pid: int) -> str:
    """What a server would have written that had this number."""
    return f"{pid}\n{data}\n1700000000\n5432\n{data}\n\n  1 1\nready   \n"


def joining(folder: Path) -> "subprocess.Popen[str]":
    """Another process that joins, and leaves when nothing more is said to it."""
    return subprocess.Popen(
        [sys.executable, "-c", JOIN, folder], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )


def url_of(joined: "subprocess.Popen[str]") -> str:
    """The URL that another process was given."""
    assert joined.stdout is not None
    return joined.stdout.readline().strip()


def test_the_last_one_to_leave_stops_the_server(data: Path) -> None:
    with embedded(data.parent) as first:
        with embedded(data.parent) as second:
            assert first == second
        assert answers(first)
        assert server_on(data) is not None
    assert processes_on(data) == []


def test_a_program_that_has_the_number_of_a_dead_server_lives_on(data: Path, stranger: subprocess.Popen[bytes]) -> None:
    (data / "postmaster.pid").write_text(pid_file(data, stranger.pid), encoding="utf-8")
    with embedded(data.parent) as url:
        assert answers(url)
    assert stranger.poll() is None
    assert processes_on(data) == []


def test_a_program_that_has_the_number_of_a_dead_socket_lives_on(data: Path, stranger: subprocess.Popen[bytes]) -> None:
    (data / ".s.PGSQL.5432").touch()
    (data / ".s.PGSQL.5432.lock").write_text(pid_file(data, stranger.pid), encoding="utf-8")
    with embedded(data.parent) as url:
        assert answers(url)
    assert stranger.poll() is None


def test_processes_that_start_at_once_share_one_server(server_folder: Path) -> None:
    with ExitStack() as started:
        processes = [started.enter_context(joining(server_folder)) for _ in range(5)]
        urls = {url_of(process) for process in processes}
        assert len(urls) == 1
        for process in processes[1:]:
            process.communicate(timeout=PATIENCE)
        assert answers(urls.pop())
        processes[0].communicate(timeout=PATIENCE)
    assert processes_on(server_folder / "postgres") == []


def test_a_server_of_somebody_else_that_has_the_number_lives_on(data: Path, postgres: str) -> None:
    with psycopg.connect(postgres) as connection:
        ours = connection.execute("SELECT pg_backend_pid()").fetchone()
        assert ours is not None
        (data / "postmaster.pid").write_text(pid_file(data, ours[0]), encoding="utf-8")
        with embedded(data.parent) as url:
            assert answers(url)
        assert connection.execute("SELECT 1").fetchone() == (1,)


@pytest.mark.parametrize("content", ["", "\n", "x", "-1", "999999999\n", pid_file(Path("/elsewhere"), 1)])
def test_a_damaged_pid_file_stops_nobody(data: Path, content: str) -> None:
    (data / "postmaster.pid").write_text(content, encoding="utf-8")
    with embedded(data.parent) as url:
        assert answers(url)
    assert processes_on(data) == []


@pytest.mark.parametrize("content", ["", "{", "[99999999]", "[1]"])
def test_a_list_of_processes_that_an_earlier_release_has_left_says_nothing(data: Path, content: str) -> None:
    (data / ".handle_pids.json").write_text(content, encoding="utf-8")
    with embedded(data.parent) as url:
        assert answers(url)
    assert processes_on(data) == []


def test_a_process_that_was_killed_does_not_keep_the_server(server_folder: Path) -> None:
    with joining(server_folder) as joined:
        url = url_of(joined)
        assert answers(url)
        joined.kill()
    assert answers(url)
    with embedded(server_folder) as again:
        assert again == url
    assert processes_on(server_folder / "postgres") == []


def test_a_process_that_leaves_does_not_take_the_server_from_another_one(server_folder: Path) -> None:
    with joining(server_folder) as joined:
        url = url_of(joined)
        with embedded(server_folder):
            pass
        assert answers(url)
        joined.communicate(timeout=PATIENCE)
    assert joined.returncode == 0
    assert processes_on(server_folder / "postgres") == []


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGQUIT, signal.SIGINT])
def test_a_server_that_dies_is_started_again(data: Path, how: signal.Signals) -> None:
    with embedded(data.parent) as url:
        died = server_on(data)
        assert died is not None
        os.kill(died.pid, how)
        eventually(lambda: (found := server_on(data)) is not None and found.pid != died.pid and answers(url))
    assert processes_on(data) == []


@pytest.mark.parametrize("name", ["two words", "a,b", 'it\'s "so" $HOME `x`', "责任 %41", "l" * 120])
def test_a_directory_may_be_called_anything(server_folder: Path, name: str) -> None:
    data = server_folder / name / "postgres"
    with embedded(server_folder / name) as url:
        assert answers(url)
        died = server_on(data)
        assert died is not None
        os.kill(died.pid, signal.SIGKILL)
        eventually(lambda: answers(url))
    assert died.sockets == data or not died.sockets.exists()


def test_directories_above_stay_closed_to_the_world(server_folder: Path) -> None:
    home = server_folder / "home"
    home.mkdir(mode=0o700)
    with embedded(home / "inside" / "ledger") as url:
        assert answers(url)
    assert stat.S_IMODE(home.stat().st_mode) & 0o067 == 0
    assert stat.S_IMODE((home / "inside" / "ledger" / "postgres").stat().st_mode) == 0o700


def test_a_server_is_ended_though_its_folder_was_closed_to_it_meanwhile(server_folder: Path) -> None:
    data = server_folder / "closed" / "ledger" / "postgres"
    with embedded(data.parent):
        (server_folder / "closed").chmod(0o700)
    assert processes_on(data) == []


def test_a_server_whose_folder_was_removed_is_ended_and_not_begun_anew(data: Path) -> None:
    with embedded(data.parent):
        running = server_on(data)
        assert running is not None
        process = Postmaster(running.pid, data)
        shutil.rmtree(data)
        os.kill(running.pid, signal.SIGKILL)
        assert process.has_ended(PATIENCE)
        time.sleep(1)
        assert not data.exists()
    process.close()


def test_settings_for_clients_do_not_lead_the_server_astray(
    monkeypatch: pytest.MonkeyPatch, server_folder: Path
) -> None:
    monkeypatch.setenv("PGPORT", "5999")
    monkeypatch.setenv("PGDATESTYLE", "German")
    monkeypatch.setenv("LC_ALL", "zh_CN.GB18030")
    with embedded(server_folder) as url:
        monkeypatch.delenv("PGPORT")
        assert answers(url)


def test_a_database_whose_making_was_interrupted_is_made_anew(server_folder: Path) -> None:
    interrupted = server_folder / "postgres.new"
    interrupted.mkdir()
    (interrupted / "PG_VERSION").write_text("18\n", encoding="ascii")
    with embedded(server_folder) as url:
        assert answers(url)
    assert not interrupted.exists()


@pytest.mark.parametrize(
    ("file", "content", "said"),
    [
        ("PG_VERSION", "16\n", "made by PostgreSQL 16"),
        ("PG_VERSION", "18\n", "not whole"),
        ("holiday.jpg", "", "not empty"),
    ],
)
def test_what_is_no_database_of_ours_is_refused(server_folder: Path, file: str, content: str, said: str) -> None:
    (server_folder / "postgres").mkdir()
    (server_folder / "postgres" / file).write_text(content, encoding="ascii")
    with pytest.raises(NoDatabaseError, match=said), embedded(server_folder):
        pass


def test_a_server_that_does_not_start_says_why(data: Path) -> None:
    with (data / "postgresql.auto.conf").open("a", encoding="ascii") as settings:
        settings.write("shared_buffers = none\n")
    with (
        pytest.raises(NoDatabaseError, match=r"cannot be started: .*contains errors \(see .*log\)"),
        embedded(data.parent),
    ):
        pass
    assert processes_on(data) == []


def test_a_file_where_the_directory_should_be_is_said(server_folder: Path) -> None:
    (server_folder / "file").touch()
    with pytest.raises(NoDatabaseError, match="cannot keep its files"), embedded(server_folder / "file"):
        pass
