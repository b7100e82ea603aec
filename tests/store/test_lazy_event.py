"""An event that is decoded when somebody looks is the one that full decoding gives, for all that we write."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from events.base import Event
from events.catalogue import CATALOGUE
from events.person.directory import PersonRegistered
from events.recorded import Actor, Context, Recorded
from events.vocabulary.identifiers import StreamId, event_id
from services.store.mapper import UnreadableEventError, decode, encode
from services.store.reading.lazy_event import LazyEvent
from tests.making import ANY, Pools, instances

SAMPLES = Path(__file__).parent.parent / "samples"
STREAM = StreamId("customer:0198a000-0000-7000-8000-000000000001")
AT = datetime(2025, 3, 1, tzinfo=UTC)
ACTORS = st.uuids().map("person:{}".format) | st.sampled_from(["system", "system:when-commitment-falls-due@1"])
WHY: Pools = ((Actor, ACTORS), (UUID, st.uuids()), (int, st.integers(1, 1000)), *ANY)
TRICKY = Context(actor="system", reason='"context":{},"context":{')


def lazy(name: str, state: bytes) -> LazyEvent:
    return LazyEvent(7, STREAM, 3, name, state, AT)


def agree(name: str, state: bytes) -> None:
    event, context = decode(name, state)
    found = lazy(name, state)
    assert (found.kind, found.data) == (type(event), event.model_dump(mode="json"))
    assert json.loads(found.written_data) == event.model_dump(mode="json")
    assert (found.event, found.context) == (event, context)
    assert found.event.model_dump_json() == event.model_dump_json()
    assert found.why == context.model_dump(mode="json", exclude_defaults=True)
    assert (found.position, found.stream, found.version, found.recorded_at) == (7, STREAM, 3, AT)
    assert (found.id, found.occurred_at) == (event_id(STREAM, 3), context.occurred_at or AT)


@pytest.mark.parametrize("path", sorted(SAMPLES.iterdir()), ids=lambda path: path.stem)
def test_every_sample_is_decoded_alike(path: Path) -> None:
    name, _, version = path.name.removesuffix(".json").rpartition(".v")
    data = json.loads(path.read_text(encoding="utf-8"))
    for context in ('{"actor":"system"}', TRICKY.model_dump_json(exclude_defaults=True)):
        written = f'{{"v":{version},"data":{json.dumps(data, ensure_ascii=False)},"context":{context}}}'
        agree(name, written.encode())
        agree(name, json.dumps(json.loads(written)).encode())
        agree(name, json.dumps(json.loads(written), indent=2).encode())


@pytest.mark.parametrize("kind", CATALOGUE.values(), ids=list(CATALOGUE))
def test_whatever_we_write_is_decoded_alike(kind: type[Event]) -> None:
    @settings(max_examples=30)
    @given(instances(kind, ANY), instances(Context, WHY) | st.just(TRICKY))
    def law(event: Event, context: Context) -> None:
        agree(kind.event_name, encode(event, context))

    law()


def test_nothing_is_decoded_before_somebody_looks() -> None:
    found = lazy("person.deactivated", b'{"v":1,"data":{"since":"yesterday"},"context":{"actor":"nobody"}}')
    assert found.written_data == b'{"since":"yesterday"}'
    assert found.data == {"since": "yesterday"}
    with pytest.raises(UnreadableEventError):
        _ = found.event
    with pytest.raises(UnreadableEventError):
        _ = found.context


@pytest.mark.parametrize(
    ("name", "state"),
    [
        ("person.vanished", b'{"v":1,"data":{},"context":{"actor":"system"}}'),
        ("person.deactivated", b'{"v":2,"data":{"since":"2025-03-01T09:00:00Z"},"context":{"actor":"system"}}'),
        ("person.deactivated", b"not json"),
        ("person.deactivated", b'{"v":1,"data":{"since":"2025-03-01T09:00:00Z"}}'),
    ],
    ids=["unknown", "of a newer release", "not JSON", "without a context"],
)
def test_what_this_release_cannot_know_is_refused_at_once(name: str, state: bytes) -> None:
    with pytest.raises(UnreadableEventError):
        lazy(name, state)


def test_an_old_shape_is_brought_up(monkeypatch: pytest.MonkeyPatch) -> None:
    def renamed(data: dict[str, Any]) -> dict[str, Any]:
        return {"label": data["title"]}

    class Planted(Event, name="test.planted", occurs=None, version=2, upcasters={1: renamed}):
        """A fact whose shape changed."""

        label: str

    monkeypatch.setitem(CATALOGUE, "test.planted", Planted)
    found = lazy("test.planted", '{"v":1,"data":{"title":"甲"},"context":{"actor":"system"}}'.encode())
    assert (found.event, found.data) == (Planted(label="甲"), {"label": "甲"})
    assert found.context == Context(actor="system")


@pytest.mark.parametrize(
    "data",
    ['{"since":"yesterday"}', '{"since":"2025-03-01T09:00:00"}', "{}", '{"since":null}', "[]"],
)
def test_data_of_another_shape_are_refused(data: str) -> None:
    found = lazy("person.deactivated", f'{{"v":1,"data":{data},"context":{{"actor":"system"}}}}'.encode())
    with pytest.raises(UnreadableEventError):
        _ = found.event


def test_a_field_too_many_is_refused() -> None:
    written = b'{"v":1,"data":{"since":"2025-03-01T09:00:00Z","by":"me"},"context":{"actor":"system","why":"so"}}'
    found = lazy("person.deactivated", written)
    with pytest.raises(UnreadableEventError):
        _ = found.event
    with pytest.raises(UnreadableEventError):
        _ = found.why


def test_an_instant_of_another_offset_is_brought_to_utc() -> None:
    written = b'{"v":1,"data":{"since":"2025-03-01T17:00:00+08:00"},"context":{"actor":"system"}}'
    event, _ = decode("person.deactivated", written)
    assert lazy("person.deactivated", written).event.model_dump_json() == event.model_dump_json()


def test_what_was_asked_before_it_was_recorded_is_not_asked_again() -> None:
    name = "林" * 201
    written = PersonRegistered(name="林", department=None, manager=None, skills=(), email=None, phone=None).model_copy(
        update={"name": name}
    )
    found = lazy("person.registered", encode(written, Context(actor="system")))
    assert found.event == written


def test_it_is_a_recorded_event() -> None:
    event, context = decode("person.deactivated", WRITTEN)
    found: Recorded = lazy("person.deactivated", WRITTEN)
    assert Recorded(found.stream, found.version, 7, AT, found.event, found.context) == Recorded(
        STREAM, 3, 7, AT, event, context
    )


WRITTEN = b'{"v":1,"data":{"since":"2025-03-01T09:00:00Z"},"context":{"actor":"system"}}'
