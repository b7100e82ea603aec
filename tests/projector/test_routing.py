"""What a view declares to read is what it reads: for any other event it loads nothing and changes nothing."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from events.base import Event
from events.catalogue import CATALOGUE
from events.recorded import Context, Recorded
from events.vocabulary.identifiers import StreamId
from projections.base import FACTS, Projection, Rows
from projections.registry import PROJECTIONS
from services.projector.groups import groups
from services.projector.routing import Routing

SAMPLES = Path(__file__).parent.parent / "samples"
AT = datetime(2025, 3, 1, tzinfo=UTC)


def recorded(kind: type[Event]) -> Recorded:
    text = (SAMPLES / f"{kind.event_name}.v{kind.class_version}.json").read_text(encoding="utf-8")
    space = kind.event_name.partition(".")[0]
    stream = StreamId(f"{'customer' if space == 'responsibility' else space}:0198a000-0000-7000-8000-000000000001")
    return Recorded(stream, 1, 1, AT, kind.model_validate(json.loads(text)), Context(actor="system"))


@pytest.mark.parametrize("kind", CATALOGUE.values(), ids=list(CATALOGUE))
@pytest.mark.parametrize("projection", PROJECTIONS, ids=lambda one: one.name)
def test_a_view_reads_what_it_declares(projection: Projection, kind: type[Event]) -> None:
    if kind in FACTS and not projection.facts:
        assert kind in projection.events, "its rows are restated"
        return
    event, rows = recorded(kind), Rows()
    rows.position = 1
    read = list(projection.reads(event))
    if kind in projection.events:
        assert read or any(table.once for table in projection.tables)
        return
    assert read == []
    projection.apply(event, rows)
    assert rows.opened == []


def test_events_are_dealt_to_their_readers() -> None:
    events = [recorded(kind) for kind in CATALOGUE.values()]
    dealt = Routing(PROJECTIONS)(events, ["audit", "people"])
    assert dealt.keys() == {"audit", "people"}
    assert dealt["audit"] == events
    assert [one.kind.event_name.partition(".")[0] for one in dealt["people"]] == ["fact"] * 2 + ["person"] * 3


@pytest.mark.parametrize("count", [1, 2, 3, 5, 40])
def test_every_view_is_in_one_group(count: int) -> None:
    shares = groups(PROJECTIONS, count)
    assert len(shares) <= count
    assert sorted(one.name for share in shares for one in share) == sorted(one.name for one in PROJECTIONS)
