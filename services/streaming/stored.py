"""The Kafka record of a stored event, cut from its bytes: nothing is read that the record does not name."""

import json
from datetime import datetime
from functools import cache, lru_cache
from typing import Any

from events.catalogue import CATALOGUE
from events.recorded import Recorded
from events.vocabulary.identifiers import StreamId, event_id
from services.store.mapper import UnreadableEventError, decode
from services.streaming.cloudevents import CONTENT_TYPE, LOG, Origin, Record, instant, record

_CONTEXT = b',"context":'
_OPTIONAL = (
    ("ce_onbehalfof", "on_behalf_of"),
    ("ce_correlationid", "correlation_id"),
    ("ce_causationid", "causation_id"),
)
_FIELDS = ("occurred_at", "trust", *(field for _, field in _OPTIONAL))


def record_of(
    position: int, stream: StreamId, version: int, name: str, state: bytes, recorded_at: datetime, of: Origin
) -> Record:
    """What `record` makes of the event; an event in an older shape is read whole and brought to the present one.

    Raises:
        UnreadableEventError: the event is not in the catalogue, or not written as events are.
    """
    opening, shape = _opening(name)
    if not state.startswith(opening):
        event, context = decode(name, state)
        return record(Recorded(stream, version, position, recorded_at, event, context), of)
    try:
        # Text inside the data has its quotes escaped, and the context has no part of that name: the last one is it.
        end = state.rindex(_CONTEXT)
        why = _named(state[end + len(_CONTEXT) : -1])
    except (KeyError, ValueError, TypeError, AttributeError) as error:
        raise UnreadableEventError(f"{name} at position {position}: {error!r}") from error
    recorded_time = written(recorded_at)
    headers = [
        ("ce_specversion", b"1.0"),
        ("ce_id", b"%b/%d" % (of.prefix, position)),
        ("ce_source", _source(stream.partition(":")[0])),
        ("ce_type", name.encode()),
        ("ce_subject", stream.encode()),
        ("ce_time", why.get("occurred_at", recorded_time)),
        ("ce_recordedtime", recorded_time),
        ("ce_logid", of.log),
        ("ce_incarnation", of.incarnation),
        ("ce_position", b"%d" % position),
        ("ce_streamversion", b"%d" % version),
        ("ce_dataversion", shape),
        ("ce_eventid", str(event_id(stream, version)).encode()),
        ("ce_actor", why["actor"]),
        ("ce_trust", why["trust"]),
    ]
    headers += [(header, why[field]) for header, field in _OPTIONAL if field in why]
    headers.append(CONTENT_TYPE)
    return Record(stream.encode(), state[len(opening) : end], headers)


def _named(context: bytes) -> dict[str, bytes]:
    """What the record names of a context; the actor is always there."""
    written: dict[str, Any] = json.loads(context)
    given = {field: written[field].encode() for field in _FIELDS if field in written}
    return {"trust": b"verified", "actor": written["actor"].encode()} | given


@cache
def _opening(name: str) -> tuple[bytes, bytes]:
    """How an event of a name begins in its present shape, and that shape's number."""
    try:
        shape = CATALOGUE[name].class_version
    except KeyError as error:
        raise UnreadableEventError(f"{name} is not in the catalogue") from error
    return b'{"v":%d,"data":' % shape, b"%d" % shape


@cache
def _source(kind: str) -> bytes:
    return f"/{LOG}/{kind}".encode()


@lru_cache(maxsize=1024)
def written(at: datetime) -> bytes:
    """An instant as records have it."""
    return instant(at).encode()
