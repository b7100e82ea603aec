"""Connections with limits: how many there are, and how long a request may take to arrive and an answer to be read.

uvicorn ends only connections that are idle between two requests; whoever sends half of one may stay for ever.
"""

from asyncio import BaseTransport, TimerHandle
from http import HTTPStatus

from services.http.problems import MEDIA_TYPE, RETRY, ProblemError, describe
from services.http.upgrades import UpgradesIgnored
from services.language import negotiate


class BoundedProtocol(UpgradesIgnored):
    """uvicorn's protocol with limits; a request that arrives whole costs no timer."""

    most = 800
    """Connections at a time."""
    arrival = 30.0
    """Seconds in which a request has to be whole."""
    rate = 65_536
    """How many bytes that came are worth a second more."""
    reading = 60.0
    """Seconds in which a client takes at least some of an answer."""
    head = 65_536
    """Bytes of request line and headers."""
    farewell = 2.0
    """Seconds for one connection too many to say something, so that it hears the answer."""

    def connection_made(self, transport: BaseTransport) -> None:
        """One more, or one too many."""
        super().connection_made(transport)  # type: ignore[arg-type]
        self._came = 0
        self._unread = 0
        self._reading: TimerHandle | None = None
        self._full = len(self.connections) > self.most
        self._began = self.loop.time()
        self._arriving: TimerHandle | None = self.loop.call_later(
            self.farewell if self._full else self.arrival, self._late
        )

    def connection_lost(self, exc: Exception | None) -> None:
        """Nothing is waited for any more."""
        for timer in (self._arriving, self._reading):
            if timer is not None:
                timer.cancel()
        self._arriving = self._reading = None
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Some more of a request."""
        if self._full:
            self._refuse(503, "server.full")
            return
        scope = self.scope
        super().data_received(data)
        cycle = self.cycle
        if cycle is not None and cycle.scope is self.scope and not cycle.more_body:
            if self._arriving is not None:
                self._arriving.cancel()
                self._arriving = None
        elif not self.transport.is_closing():
            self._go_on(len(data), begun=scope is not self.scope)

    def _go_on(self, came: int, *, begun: bool) -> None:
        """Wait for the rest of a request; how much of what came belongs to one that has just begun, nobody knows."""
        if self._arriving is None:
            self._began = self.loop.time()
            self._arriving = self.loop.call_later(self.arrival, self._late)
        self._came = 0 if begun else self._came + came
        if self._came > self.head and (self.cycle is None or self.cycle.scope is not self.scope):
            self._refuse(431, "request.headers-too-large", limit=str(self.head))

    def _late(self) -> None:
        self._arriving = None
        if self.transport.is_closing():
            return
        more = self.arrival + self._came / self.rate - (self.loop.time() - self._began)
        if self._full or self.scope is None:
            # Nothing was asked, so nothing is answered.
            self.transport.close()
        elif self._answering_earlier() or self.flow.read_paused:
            # It is we who do not read.
            self._arriving = self.loop.call_later(self.arrival, self._late)
        elif more > 0:
            self._arriving = self.loop.call_later(more, self._late)
        else:
            self._refuse(408, "request.too-slow", seconds=f"{self.arrival:g}")

    def _answering_earlier(self) -> bool:
        """Whether an earlier request of this connection is being answered."""
        cycle = self.cycle
        return cycle is not None and cycle.scope is not self.scope and not cycle.response_complete

    def send_400_response(self, msg: str) -> None:
        """What is no HTTP is answered as every other problem."""
        del msg
        self._refuse(400, "request.malformed")

    def _refuse(self, status: int, code: str, **details: str) -> None:
        """Say why, where nothing else is being said, and end the connection."""
        cycle = self.cycle
        own = cycle is not None and cycle.scope is self.scope
        if self.transport.is_closing():
            return
        if not self._answering_earlier() and not (own and cycle.response_started):
            self.transport.write(self._problem(status, code, details))
        if own:
            # Whoever waits for the rest of it need wait no longer, nor answer.
            cycle.disconnected = True
            cycle.message_event.set()
        self.transport.close()

    def _problem(self, status: int, code: str, details: dict[str, str]) -> bytes:
        asked = next((value for name, value in self.headers or () if name == b"accept-language"), b"")
        problem, _ = describe(ProblemError(status, code, details=details), negotiate(asked.decode("latin-1")))
        body = problem.model_dump_json(exclude_none=True).encode()
        headers = {
            "content-type": MEDIA_TYPE,
            "content-length": str(len(body)),
            "cache-control": "no-store",
            "x-content-type-options": "nosniff",
            "connection": "close",
            **(RETRY if status == HTTPStatus.SERVICE_UNAVAILABLE else {}),
        }
        said = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        return f"HTTP/1.1 {status} {HTTPStatus(status).phrase}\r\n{said}\r\n".encode() + body

    def pause_writing(self) -> None:
        """The client takes less than it is given."""
        super().pause_writing()
        self._unread = self.transport.get_write_buffer_size()
        self._reading = self.loop.call_later(self.reading, self._unheard)

    def resume_writing(self) -> None:
        """The client has taken what there was."""
        super().resume_writing()
        if self._reading is not None:
            self._reading.cancel()
            self._reading = None

    def _unheard(self) -> None:
        waiting = self.transport.get_write_buffer_size()
        if waiting >= self._unread:
            self.transport.abort()
            return
        self._unread = waiting
        self._reading = self.loop.call_later(self.reading, self._unheard)
