"""An event of the log as it was read: what it says is decoded when somebody looks, and once only."""

from datetime import datetime
from typing import Any

from pydantic_core import from_json

from events.base import Event
from events.catalogue import CATALOGUE
from events.recorded import Context, Recorded
from events.vocabulary.identifiers import EventId, StreamId, event_id
from services.store.mapper import UnreadableEventError, decode, opening

_CONTEXT = b',"context":'
"""Inside JSON text quotes are escaped, and a context has no part of this name: the last one is the separator."""
_set = object.__setattr__


class Unopened(Recorded):
    """A recorded event whose event and context are decoded at the first look, each for itself.

    Only the present shape, written as we write it, waits; everything else is decoded at once.

    Raises:
        UnreadableEventError: the name is not in the catalogue, or the shape is of a newer release; in the present
            shape at the first look: the data does not fit.
    """

    __slots__ = ("_context", "_cut", "_data", "_event", "_id", "_kind", "_state")

    _kind: type[Event]
    _state: bytes
    _cut: int
    """Where the data end in the written form; -1 where everything was decoded at once."""
    _id: EventId | None
    _event: Event | None
    _context: Context | None
    _data: dict[str, Any] | None

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
        _set(self, "_kind", kind)
        _set(self, "_state", state)
        _set(self, "_id", None)
        _set(self, "_data", None)
        cut = state.rfind(_CONTEXT) if state.startswith(opening(kind)) else -1
        event, context = (None, None) if cut > 0 else decode(name, state)
        _set(self, "_cut", cut)
        _set(self, "_event", event)
        _set(self, "_context", context)

    # The fields that are decoded late; in the base class they are plain attributes.
    @property
    def event(self) -> Event:
        """What happened."""
        found = self._event
        if found is None:
            found = self._opened()
            _set(self, "_event", found)
        return found

    @property
    def context(self) -> Context:
        """The why."""
        found = self._context
        if found is None:
            try:
                found = Context.model_validate_json(self._state[self._cut + len(_CONTEXT) : -1])
            except ValueError:
                found = decode(self._kind.event_name, self._state)[1]
            _set(self, "_context", found)
        return found

    @property
    def kind(self) -> type[Event]:
        """The class of the event, known without decoding."""
        return self._kind

    @property
    def id(self) -> EventId:
        """The identity of the event."""
        found = self._id
        if found is None:
            found = event_id(self.stream, self.version)
            _set(self, "_id", found)
        return found

    @property
    def data(self) -> dict[str, Any]:
        """What the event says, as JSON; not to be changed. As it is on disk, where its shape is the present one."""
        found = self._data
        if found is None:
            found = self._written() if self._cut > 0 else super().data
            _set(self, "_data", found)
        return found

    def _written(self) -> dict[str, Any]:
        try:
            found: dict[str, Any] = from_json(self._state[len(opening(self._kind)) : self._cut])
        except ValueError:
            return super().data
        return found

    def _opened(self) -> Event:
        try:
            return self._kind.model_validate_json(self._state[len(opening(self._kind)) : self._cut])
        except ValueError:
            # Not as we write it, or not readable at all: the whole way decides, and says why.
            return decode(self._kind.event_name, self._state)[0]
