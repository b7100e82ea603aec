"""Zeren's own processes, started and stopped as an operator does."""

import os
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from uuid import uuid4

from commands.person.directory import RegisterPerson
from events.recorded import Context
from events.vocabulary.identifiers import PersonId, stream_id
from services.application import Zeren
from services.handling import Request

_ENDING = 20.0


def registered_person(zeren: Zeren) -> PersonId:
    """Somebody who may act."""
    person = PersonId(uuid4())
    zeren.handler.execute(Request(stream_id("person", person), RegisterPerson(name="林静"), Context(actor="system")))
    return person


@contextmanager
def running(database_url: str, *commands: str, kafka: Mapping[str, str] | None = None) -> Iterator[int]:
    """The port of a server, with the other processes that are asked for; all of them end with the block."""
    environment = {**os.environ, **(kafka or {}), "ZEREN_DATABASE_URL": database_url, "ZEREN_AUTH": "dev"}
    port = free_port()
    program = Path(sys.executable).with_name("zeren")
    with ExitStack() as stack:
        for command in commands:
            words = [str(port) if word == "PORT" else word for word in command.split()]
            process = stack.enter_context(
                subprocess.Popen([program, *words], env=environment, stdout=subprocess.PIPE, text=True)  # noqa: S603 - our own program
            )
            stack.callback(_end, process)
            if words[0] == "serve":
                line = process.stdout.readline() if process.stdout else ""
                if "ready" not in line:
                    raise RuntimeError(f"the server did not start: {line}")
        yield port


def _end(process: "subprocess.Popen[str]") -> None:
    process.terminate()
    try:
        process.wait(_ENDING)
    except subprocess.TimeoutExpired:
        process.kill()


def free_port() -> int:
    """A port of this machine that nobody uses just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
