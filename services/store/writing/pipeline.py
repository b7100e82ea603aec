"""Statements sent one after another over one connection, without waiting for the answers in between."""

import asyncio
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import psycopg
from psycopg import AsyncConnection, abc
from psycopg.adapt import PyFormat, Transformer
from psycopg.errors import error_from_result
from psycopg.pq import ConnStatus, ExecStatus, Format
from psycopg.pq.abc import PGresult
from psycopg.rows import TupleRow

from services.store.socket_watch import SocketWatch
from services.store.writing.session_loss import as_session_loss

Row = tuple[Any, ...]


@dataclass(slots=True)
class _Sent:
    """A statement that was not answered yet."""

    query: bytes
    rows: "asyncio.Future[list[Row]]"
    transformer: abc.Transformer
    answer: PGresult | None = None
    error: psycopg.Error | None = None


class Pipeline:
    """A connection in libpq's pipeline mode, for one event loop; every statement is prepared, and synced by itself.

    psycopg's own pipelines wait for the answers before others may send; here each answer has a future of its own.
    """

    def __init__(self, connection: AsyncConnection[TupleRow]) -> None:
        self.broken = False
        self._connection = connection
        self._loop = asyncio.get_running_loop()
        self._socket = connection.pgconn.socket
        self._sent: deque[_Sent] = deque()
        self._names: dict[bytes, bytes] = {}
        connection.pgconn.enter_pipeline_mode()
        self._watch = SocketWatch(self._loop, self._socket, self._read)

    def send(self, query: bytes, parameters: Sequence[Any]) -> "asyncio.Future[list[Row]]":
        """Send a statement with parameters `$1`, `$2`, …; the rows it answers with, in the end.

        Raises:
            OperationalError: the connection is gone; from the future, whether the statement was done is not known.
        """
        if self.broken:
            raise psycopg.OperationalError("the connection is closed")
        connection = self._connection.pgconn
        transformer = Transformer(self._connection)
        values = transformer.dump_sequence(parameters, [PyFormat.AUTO] * len(parameters))
        sent = _Sent(query, self._loop.create_future(), transformer)
        name = self._names.get(query)
        if name is None:
            name = self._names[query] = b"zeren_%d" % len(self._names)
            connection.send_prepare(name, query, transformer.types)
        connection.send_query_prepared(name, values, transformer.formats, result_format=Format.BINARY)
        connection.pipeline_sync()
        self._sent.append(sent)
        self._flush()
        return sent.rows

    async def close(self) -> None:
        """Give the connection back; who waits for an answer is told that there will be none."""
        self._break(psycopg.OperationalError("the connection was closed"))
        await self._connection.close()

    def _flush(self) -> None:
        try:
            unsent = self._connection.pgconn.flush()
        except psycopg.OperationalError as error:
            self._break(error)
            return
        if unsent:
            self._loop.add_writer(self._socket, self._flush)
        else:
            self._loop.remove_writer(self._socket)

    def _read(self) -> None:
        connection = self._connection.pgconn
        try:
            connection.consume_input()
            while self._sent and not connection.is_busy():
                answer = connection.get_result()
                if answer is not None:
                    self._take(answer)
                elif connection.status != ConnStatus.OK:
                    self._break(psycopg.OperationalError(connection.get_error_message()))
        except psycopg.OperationalError as error:
            self._break(error)

    def _take(self, answer: PGresult) -> None:
        """One answer of the statement at the front; the sync that follows it is the last."""
        sent = self._sent[0]
        match answer.status:
            case ExecStatus.TUPLES_OK:
                sent.answer = answer
            case ExecStatus.FATAL_ERROR:
                sent.error = as_session_loss(error_from_result(answer))
            case ExecStatus.PIPELINE_SYNC:
                self._sent.popleft()
                self._tell(sent)
            case _:
                pass  # prepared, done without rows, or left out because of the error before it

    def _tell(self, sent: _Sent) -> None:
        if sent.rows.done():
            return
        if sent.error is not None:
            sent.rows.set_exception(sent.error)
        elif sent.answer is None:
            sent.rows.set_result([])
        else:
            sent.transformer.set_pgresult(sent.answer)
            sent.rows.set_result(sent.transformer.load_rows(0, sent.answer.ntuples, tuple))

    def _break(self, error: psycopg.OperationalError) -> None:
        if self.broken:
            return
        self.broken = True
        self._watch.stop()
        self._loop.remove_writer(self._socket)
        for sent in self._sent:
            if not sent.rows.done():
                sent.rows.set_exception(sent.error or error)
                # Where a later statement of the step could not be sent, nobody asks what became of the earlier ones.
                sent.rows.exception()
        self._sent.clear()
