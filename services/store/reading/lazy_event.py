"""An event of the log as it was read: what it says is decoded when somebody looks, and once only."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from pydantic_core import from_json

from events.base import Event
from events.catalogue import CATALOGUE
from events.recorded import Context, Recorded
from events.vocabulary.identifiers import StreamId
from services.store.mapper import UnreadableEventError, decode, opening
from services.store.reading.trusted_decoding import trusted_decoder

_CONTEXT = b',"context":'
"""Inside JSON text quotes are escaped, and a context has no part of this name: the last one is the separator."""
_PARTS = frozenset(Context.model_fields)
_set = object.__setattr__


class LazyEvent(Recorded):
    """A recorded event whose event, context and data are made when somebody looks, each for itself.

    Only the present shape, written as we write it, waits; everything else is decoded at once.

    Raises:
        UnreadableEventError: the name is not in the catalogue, or the shape is of a newer release; in the present
            shape at the first look: the data does not fit.
    """

    __slots__ = ("_cut", "_data", "_state", "kind", "written_data")

    kind: type[Event]
    written_data: bytes
    """The data as they are on disk, unread, where their shape is the present one."""
    _data: dict[str, Any] | None
    _state: bytes
    _cut: int
    """Where the data end in the written form; below 0 where everything was decoded at once."""

    def __init__(
        self, position: int, stream: StreamId, version: int, name: str, state: bytes, recorded_at: datetime
    ) -> None:
        kind = CATALOGUE.get(name)
        if kind is None:
            raise UnreadableEventError(f"{name}: not in the catalogue")
        _set(self, "position", position)
        _set(self, "stream", stream)
        _set(self, "version", version)
        _set(self, "recorded_at", recorded_at)
        _set(self, "kind", kind)
        _set(self, "_state", state)
        _set(self, "_data", None)
        begin = opening(kind)
        cut = state.rfind(_CONTEXT) if state.startswith(begin) else -1
        _set(self, "_cut", cut)
        if cut < 0:
            event, context = decode(name, state)
            _set(self, "event", event)
            _set(self, "context", context)
            _set(self, "written_data", event.written)
        else:
            _set(self, "written_data", state[len(begin) : cut])

    def __getattr__(self, name: str) -> Any:
        """Make what is not there yet; the next look finds it."""
        make = _MAKERS.get(name)
        if make is None:
            raise AttributeError(name)
        made = make(self)
        _set(self, name, made)
        return made

    @property
    def data(self) -> dict[str, Any]:
        """As it is on disk, where its shape is the present one."""
        data = self._data
        if data is None:
            try:
                data = from_json(self.written_data)
            except ValueError:
                # The whole way says what is wrong.
                data = self.event.model_dump(mode="json")
            _set(self, "_data", data)
        return data

    @property
    def why(self) -> dict[str, Any]:
        """As it is on disk, where it has the parts that a context has."""
        if self._cut > 0:
            try:
                found: dict[str, Any] = from_json(self._state[self._cut + len(_CONTEXT) : -1])
            except ValueError:
                pass
            else:
                if found.keys() <= _PARTS and "actor" in found:
                    return found
        return self.context.model_dump(mode="json", exclude_defaults=True)

    def written_context(self) -> bytes:
        """The context as it is on disk, as JSON."""
        return self._state[self._cut + len(_CONTEXT) : -1]

    def decoded(self) -> tuple[Event, Context]:
        """The event and its context by the whole way, which says what is wrong."""
        return decode(self.kind.event_name, self._state)


def _event(recorded: LazyEvent) -> Event:
    try:
        return trusted_decoder(recorded.kind)(recorded.written_data)
    except ValueError:
        # Not as we write it, or not readable at all.
        return recorded.decoded()[0]


def _context(recorded: LazyEvent) -> Context:
    try:
        return Context.model_validate_json(recorded.written_context())
    except ValueError:
        return recorded.decoded()[1]


_MAKERS: Mapping[str, Callable[[LazyEvent], Any]] = {"event": _event, "context": _context}
