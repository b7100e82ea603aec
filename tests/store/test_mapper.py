"""The written form: read back as it was, refused where it is not ours."""

from typing import Any

import pytest

from events.base import Event
from events.catalogue import CATALOGUE
from events.person.directory import PersonDeactivated
from events.recorded import Context
from services.store.mapper import UnreadableEventError, decode, encode

WHY = Context(actor="person:0198a000-0000-7000-8000-000000000001", reason="岗位调整")


def test_what_is_written_is_read() -> None:
    event = PersonDeactivated.model_validate({"since": "2025-03-01T09:00:00+08:00"})
    assert decode(event.event_name, encode(event, WHY)) == (event, WHY)


@pytest.mark.parametrize(
    ("name", "state"),
    [
        ("person.vanished", b'{"v":1,"data":{},"context":{"actor":"system"}}'),
        ("os.path:join", b'{"v":1,"data":{},"context":{"actor":"system"}}'),
        ("person.deactivated", b"not json"),
        ("person.deactivated", b'{"v":1,"data":{},"context":{"actor":"system"}}'),
        ("person.deactivated", b'{"v":1,"data":{"since":"2025-03-01T09:00:00"},"context":{"actor":"system"}}'),
        ("person.deactivated", b'{"v":1,"data":{"since":"2025-03-01T09:00:00Z","x":1},"context":{"actor":"system"}}'),
        ("person.deactivated", b'{"v":1,"data":{"since":"2025-03-01T09:00:00Z"},"context":{}}'),
        ("person.deactivated", b'{"v":2,"data":{"since":"2025-03-01T09:00:00Z"},"context":{"actor":"system"}}'),
        ("person.deactivated", b"[]"),
    ],
)
def test_what_is_not_ours_is_unreadable(name: str, state: bytes) -> None:
    with pytest.raises(UnreadableEventError):
        decode(name, state)


def _named(data: dict[str, Any]) -> dict[str, Any]:
    return {"label": data["title"]}


def _counted(data: dict[str, Any]) -> dict[str, Any]:
    return {**data, "count": 1}


def test_old_shapes_are_brought_up_step_by_step(monkeypatch: pytest.MonkeyPatch) -> None:
    class Planted(Event, name="test.planted", occurs=None, version=3, upcasters={1: _named, 2: _counted}):
        """A fact whose shape changed twice."""

        label: str
        count: int

    monkeypatch.setitem(CATALOGUE, "test.planted", Planted)
    why = '"context":{"actor":"system"}}'
    shapes = [
        '{"v":1,"data":{"title":"甲"},',
        '{"v":2,"data":{"label":"甲"},',
        '{"v":3,"data":{"label":"甲","count":1},',
    ]
    for shape in shapes:
        event, _ = decode("test.planted", (shape + why).encode())
        assert event == Planted(label="甲", count=1)
