"""Questions that are asked all the time: prepared once, answered in one round trip, on connections of their own.

A question that costs the server 20 µs should not cost the client 100: here is neither a pool that looks after every
connection nor a cursor, only libpq with psycopg's converters. Everything else goes through `Database.rows`.
"""

import asyncio
import struct
import threading
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from queue import Empty, SimpleQueue
from typing import Any

import psycopg
from psycopg import DataError, InterfaceError, OperationalError, errors, pq
from psycopg.adapt import Transformer
from psycopg.pq import ConnStatus, ExecStatus
from psycopg.pq.abc import PGresult

from services.store.sessions import parameters as session
from services.store.sessions import settle
from services.store.socket_watch import SocketWatch

Row = tuple[Any, ...]
Parameter = str | int | float | datetime | None

# A plan made for one customer's statistics is no better than the one for all, and making it takes longer than using it.
_OPTIONS = "-c timezone=UTC -c plan_cache_mode=force_generic_plan -c jit=off"
_TEXT, _BINARY = int(pq.Format.TEXT), int(pq.Format.BINARY)
_ERA, _MICROSECOND = datetime(2000, 1, 1, tzinfo=UTC), timedelta(microseconds=1)
_PACKED = struct.Struct("!q").pack
"""A `timestamptz` counts microseconds from the year 2000."""
_FINE = (int(ExecStatus.TUPLES_OK), int(ExecStatus.COMMAND_OK))
_PATIENCE = 5.0
"""Seconds that a question waits for a connection."""


class Asking:
    """Asks questions with parameters `$1`, `$2`, …; threads and the tasks of any event loop may share one.

    `pooled`: another session may answer the next question, so that nothing is prepared.
    """

    def __init__(self, url: str, *, connections: int = 8, pooled: bool = False) -> None:
        self.url = url
        self._pooled = pooled
        self._free: SimpleQueue[_Line | None] = SimpleQueue()
        """Connections, and a none for each that may be made in the place of one that died."""
        self._left = connections
        self._closed = False
        self._lock = threading.Lock()

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
        line = self._free_now()
        if line is not None:
            try:
                found = await line.ask_soon(question, parameters)
            except (OperationalError, InterfaceError):
                self._died(line)
                self._drop()
            except BaseException:
                # What it still says would be taken for the answer to the next question.
                self._died(line)
                raise
            else:
                self._give_back(line)
                return found
        return await asyncio.to_thread(self.rows, question, parameters)

    def _rows(self, question: str, parameters: Sequence[Parameter]) -> list[Row]:
        line = self._free_now() or self._take()
        try:
            found = line.ask(question, parameters)
        except BaseException:
            self._died(line)
            raise
        self._give_back(line)
        return found

    def _free_now(self) -> "_Line | None":
        try:
            line = self._free.get_nowait()
        except Empty:
            return None
        if line is None:
            self._free.put(None)
        return line

    def _take(self) -> "_Line":
        """The next connection that comes free; a new one where there may be more."""
        with self._lock:
            if self._closed:
                raise OperationalError("the database was closed")
            more = self._left > 0
            self._left -= more
        try:
            line = None if more else self._free.get(timeout=_PATIENCE)
        except Empty:
            raise OperationalError("every connection is busy") from None
        if line is not None:
            return line
        try:
            return _Line(self.url, pooled=self._pooled)
        except BaseException:
            self._free.put(None)
            raise

    def _give_back(self, line: "_Line") -> None:
        self._free.put(line)
        if self._closed:
            self._drop()

    def _died(self, line: "_Line") -> None:
        line.close()
        self._free.put(None)

    def _drop(self) -> None:
        """Part with every connection that is free: what killed one has killed all."""
        kept = 0
        while True:
            try:
                line = self._free.get_nowait()
            except Empty:
                break
            kept += 1
            if line is not None:
                line.close()
        for _ in range(kept):
            self._free.put(None)

    def close(self) -> None:
        """Give all connections back."""
        with self._lock:
            self._closed = True
        self._drop()


class _Line:
    """One connection with what is prepared on it."""

    def __init__(self, url: str, *, pooled: bool) -> None:
        self._pooled = pooled
        named = session("zeren-questions", options=_OPTIONS, pooled=pooled)
        self.connection = psycopg.connect(url, **{"connect_timeout": 3, **named})
        if pooled:
            settle(self.connection)
        self.pgconn = self.connection.pgconn
        self._prepared: dict[str, _Prepared] = {}

    def ask(self, question: str, parameters: Sequence[Parameter]) -> list[Row]:
        prepared = self._prepared.get(question) or self._prepare(question)
        if self._pooled:
            values, formats = _written(parameters)
            result = self.pgconn.exec_params(question.encode(), values, None, formats, _BINARY)
        else:
            result = self.pgconn.exec_prepared(prepared.name, *_written(parameters), _BINARY)
        return prepared.loaded(_checked(self.pgconn, result))

    async def ask_soon(self, question: str, parameters: Sequence[Parameter]) -> list[Row]:
        prepared = self._prepared.get(question)
        if prepared is None:
            prepared = await asyncio.to_thread(self._prepare, question)
        values, formats = _written(parameters)
        if self._pooled:
            self.pgconn.send_query_params(question.encode(), values, None, formats, _BINARY)
        else:
            self.pgconn.send_query_prepared(prepared.name, values, formats, _BINARY)
        self.pgconn.flush()
        loop = asyncio.get_running_loop()
        arrived = loop.create_future()
        watch = SocketWatch(loop, self.pgconn.socket, partial(self._arrive, arrived))
        try:
            await arrived
        finally:
            watch.stop()
        result = self.pgconn.get_result()
        while self.pgconn.get_result() is not None:
            pass
        return prepared.loaded(_checked(self.pgconn, result))

    def _arrive(self, arrived: "asyncio.Future[None]") -> None:
        if arrived.done():
            return
        try:
            self.pgconn.consume_input()
            if not self.pgconn.is_busy():
                arrived.set_result(None)
        except psycopg.Error as error:
            arrived.set_exception(error)

    def _prepare(self, question: str) -> "_Prepared":
        prepared = _Prepared(b"question_%d" % len(self._prepared), self.connection)
        if not self._pooled:
            _checked(self.pgconn, self.pgconn.prepare(prepared.name, question.encode()))
        self._prepared[question] = prepared
        return prepared

    def close(self) -> None:
        self.connection.close()


class _Prepared:
    """A question that PostgreSQL knows by name, and what loads its rows, whose columns are always the same."""

    def __init__(self, name: bytes, connection: psycopg.Connection[Row]) -> None:
        self.name = name
        self._loaders = Transformer.from_context(connection)
        self._knows_columns = False

    def loaded(self, result: PGresult) -> list[Row]:
        """The rows of an answer in binary."""
        self._loaders.set_pgresult(result, set_loaders=not self._knows_columns)
        self._knows_columns = True
        return self._loaders.load_rows(0, result.ntuples, tuple)


def _written(parameters: Sequence[Parameter]) -> tuple[list[Any], list[int]]:
    """The parameters, and their formats: instants as PostgreSQL keeps them, so that nobody has to spell them."""
    values: list[Any] = []
    formats: list[int] = []
    for parameter in parameters:
        if isinstance(parameter, datetime):
            values.append(_PACKED((parameter - _ERA) // _MICROSECOND))
            formats.append(_BINARY)
            continue
        # libpq would take what stands before the character for the whole.
        if isinstance(parameter, str) and "\0" in parameter:
            raise DataError("text contains the character NUL")
        values.append(None if parameter is None else str(parameter).encode())
        formats.append(_TEXT)
    return values, formats


def _checked(connection: pq.abc.PGconn, result: PGresult | None) -> PGresult:
    if result is not None and result.status in _FINE:
        return result
    if result is None or connection.status != ConnStatus.OK:
        raise OperationalError(connection.get_error_message())
    state = result.error_field(pq.DiagnosticField.SQLSTATE)
    try:
        kind = errors.lookup(state.decode() if state else "")
    except KeyError:
        kind = psycopg.DatabaseError
    raise kind(result.get_error_message())
