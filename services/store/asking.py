"""Questions that are asked all the time: prepared once, answered in one round trip, on connections of their own.

A question that costs the server 20 µs should not cost the client 100: here is neither a pool that looks after every
connection nor a cursor, only libpq with psycopg's converters. Everything else goes through `Database.rows`.
"""

import asyncio
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any

import psycopg
from psycopg import DataError, InterfaceError, OperationalError, errors, pq
from psycopg.adapt import Transformer
from psycopg.pq import ConnStatus, ExecStatus
from psycopg.pq.abc import PGresult

Row = tuple[Any, ...]
Parameter = str | int | datetime | None

# A plan made for one customer's statistics is no better than the one for all, and making it takes longer than using it.
_OPTIONS = "-c timezone=UTC -c plan_cache_mode=force_generic_plan -c jit=off"
_BINARY = pq.Format.BINARY
_PATIENCE = 5.0
"""Seconds that a question waits for a connection."""


class Asking:
    """Asks questions with parameters `$1`, `$2`, …; threads and the tasks of any event loop may share one."""

    def __init__(self, url: str, *, connections: int = 8) -> None:
        self.url = url
        self._idle: list[_Line] = []
        self._permits = threading.BoundedSemaphore(connections)
        self._closed = False

    def rows(self, question: str, parameters: Sequence[Parameter]) -> list[Row]:
        """The rows of a question, asked once more where a connection turns out to be dead.

        Raises:
            OperationalError: the server is away, or every connection is busy for 5 seconds.
        """
        try:
            return self._rows(question, parameters)
        except (OperationalError, InterfaceError):
            self._drop()
            return self._rows(question, parameters)

    async def rows_soon(self, question: str, parameters: Sequence[Parameter]) -> list[Row]:
        """The rows of a question, without a thread where a connection is free, and without holding up the event loop.

        Raises:
            OperationalError: the server is away, or every connection is busy for 5 seconds.
        """
        if self._idle and self._permits.acquire(blocking=False):
            try:
                with self._line(connect=False) as line:
                    if line is not None:
                        return await line.ask_soon(question, parameters)
            except (OperationalError, InterfaceError):
                self._drop()
            finally:
                self._permits.release()
        return await asyncio.to_thread(self.rows, question, parameters)

    def _rows(self, question: str, parameters: Sequence[Parameter]) -> list[Row]:
        if not self._permits.acquire(timeout=_PATIENCE):
            raise OperationalError("every connection is busy")
        try:
            with self._line() as line:
                return line.ask(question, parameters) if line else []
        finally:
            self._permits.release()

    @contextmanager
    def _line(self, *, connect: bool = True) -> Iterator["_Line | None"]:
        """An idle connection, else a new one if wanted; one that fails is not used again, nor one left half way."""
        try:
            line = self._idle.pop()
        except IndexError:
            line = None
        if line is None and connect:
            if self._closed:
                raise OperationalError("the database was closed")
            line = _Line(self.url)
        try:
            yield line
        except BaseException:
            if line is not None:
                line.close()
            raise
        if line is not None:
            self._idle.append(line)
            if self._closed:
                self._drop()

    def _drop(self) -> None:
        while self._idle:
            try:
                line = self._idle.pop()
            except IndexError:
                return
            line.close()

    def close(self) -> None:
        """Give all connections back."""
        self._closed = True
        self._drop()


class _Line:
    """One connection with what is prepared on it."""

    def __init__(self, url: str) -> None:
        self.connection = psycopg.connect(
            url, autocommit=True, connect_timeout=3, application_name="zeren-questions", options=_OPTIONS
        )
        self.pgconn = self.connection.pgconn
        self._loaders = Transformer.from_context(self.connection)
        self._prepared: dict[str, bytes] = {}

    def ask(self, question: str, parameters: Sequence[Parameter]) -> list[Row]:
        name = self._prepared.get(question) or self._prepare(question)
        values: list[Any] = [_written(each) for each in parameters]
        return self._loaded(self.pgconn.exec_prepared(name, values, None, _BINARY))

    async def ask_soon(self, question: str, parameters: Sequence[Parameter]) -> list[Row]:
        name = self._prepared.get(question)
        if name is None:
            name = await asyncio.to_thread(self._prepare, question)
        self.pgconn.send_query_prepared(name, [_written(each) for each in parameters], None, _BINARY)
        self.pgconn.flush()
        loop = asyncio.get_running_loop()
        arrived = loop.create_future()
        socket = self.pgconn.socket
        loop.add_reader(socket, self._arrive, arrived)
        try:
            await arrived
        finally:
            loop.remove_reader(socket)
        result = self.pgconn.get_result()
        while self.pgconn.get_result() is not None:
            pass
        return self._loaded(result)

    def _arrive(self, arrived: "asyncio.Future[None]") -> None:
        if arrived.done():
            return
        try:
            self.pgconn.consume_input()
            if not self.pgconn.is_busy():
                arrived.set_result(None)
        except psycopg.Error as error:
            arrived.set_exception(error)

    def _prepare(self, question: str) -> bytes:
        name = b"question_%d" % len(self._prepared)
        _checked(self.pgconn, self.pgconn.prepare(name, question.encode()))
        self._prepared[question] = name
        return name

    def _loaded(self, result: PGresult | None) -> list[Row]:
        found = _checked(self.pgconn, result)
        self._loaders.set_pgresult(found)
        return self._loaders.load_rows(0, found.ntuples, tuple)

    def close(self) -> None:
        self.connection.close()


def _written(parameter: Parameter) -> bytes | None:
    if parameter is None:
        return None
    if isinstance(parameter, datetime):
        return parameter.isoformat().encode()
    # libpq would take what stands before the character for the whole.
    if isinstance(parameter, str) and "\0" in parameter:
        raise DataError("text contains the character NUL")
    return str(parameter).encode()


def _checked(connection: pq.abc.PGconn, result: PGresult | None) -> PGresult:
    if result is not None and result.status in {ExecStatus.TUPLES_OK, ExecStatus.COMMAND_OK}:
        return result
    if result is None or connection.status != ConnStatus.OK:
        raise OperationalError(connection.get_error_message())
    state = result.error_field(pq.DiagnosticField.SQLSTATE)
    try:
        kind = errors.lookup(state.decode() if state else "")
    except KeyError:
        kind = psycopg.DatabaseError
    raise kind(result.get_error_message())
