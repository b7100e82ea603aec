"""A socket before PostgreSQL's own that cuts a connection in the middle of a statement, as the end of a server does."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from psycopg.conninfo import conninfo_to_dict, make_conninfo

HERE = "cut here"
"""A statement that says this is left unread, so that the client's socket is reset."""
_FAREWELL = b"\0\0\0\x30SFATAL\0VFATAL\0C57P01\0Mthe server goes away\0\0"
FAREWELLS = {"error": b"E" + _FAREWELL, "notice": b"N" + _FAREWELL, "nothing": b""}
"""What a server says before it goes: as an answer to the statement, aside, or not at all."""
_NAME = ".s.PGSQL.5432"


@contextmanager
def cutting(url: str, folder: Path, farewell: bytes) -> Iterator[str]:
    """The URL of a server that answers everything but what says `HERE`."""
    server = Path(str(conninfo_to_dict(url)["host"])) / _NAME
    with socket.socket(socket.AF_UNIX) as door:
        door.bind(str(folder / _NAME))
        door.listen()
        threading.Thread(target=_serve, args=(door, server, farewell), daemon=True).start()
        yield make_conninfo(url, host=str(folder))
        door.shutdown(socket.SHUT_RDWR)


def _serve(door: socket.socket, server: Path, farewell: bytes) -> None:
    while True:
        try:
            client, _ = door.accept()
        except OSError:
            return
        behind = socket.socket(socket.AF_UNIX)
        behind.connect(str(server))
        threading.Thread(target=_pass_on, args=(behind, client), daemon=True).start()
        threading.Thread(target=_pass_on_until_cut, args=(client, behind, farewell), daemon=True).start()


def _pass_on(source: socket.socket, sink: socket.socket) -> None:
    try:
        while said := source.recv(65536):
            sink.sendall(said)
    except OSError:
        pass


def _pass_on_until_cut(client: socket.socket, behind: socket.socket, farewell: bytes) -> None:
    with client, behind:
        while said := client.recv(65536, socket.MSG_PEEK):
            if HERE.encode() in said:
                client.sendall(farewell)
                break
            client.recv(len(said))
            behind.sendall(said)
