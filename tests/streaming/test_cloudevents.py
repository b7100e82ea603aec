"""The attributes of an event that has everything."""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from uuid import UUID

from events.recorded import Context, Provenance, Recorded
from events.vocabulary.identifiers import EventId
from services.store.identity.lineage import Lineage
from services.streaming.cloudevents import origin, record
from tests.store.identity.lineages import lineage
from tests.streaming.helpers import HUADONG, LIN, ORIGIN, visit

EVERYTHING = Recorded(
    stream=HUADONG,
    version=7,
    position=1234,
    recorded_at=datetime(2025, 3, 31, 18, 0, tzinfo=timezone(timedelta(hours=8))),
    event=visit(HUADONG, 7),
    context=Context(
        actor=f"person:{LIN}",
        on_behalf_of=LIN,
        reason="王小明 was ill",
        correlation_id=UUID(int=5),
        causation_id=EventId(UUID(int=6)),
        source=Provenance(batch="crm", row=3),
        trust="unverified",
    ),
)


def test_whoever_and_whatever_led_to_it_is_named_by_id() -> None:
    headers = dict(record(EVERYTHING, ORIGIN).headers)
    assert headers["ce_onbehalfof"] == str(LIN).encode()
    assert headers["ce_correlationid"] == str(UUID(int=5)).encode()
    assert headers["ce_causationid"] == str(UUID(int=6)).encode()
    assert headers["ce_trust"] == b"unverified"


def test_without_a_time_of_its_own_an_event_happened_when_it_was_recorded() -> None:
    headers = dict(record(EVERYTHING, ORIGIN).headers)
    assert headers["ce_time"] == headers["ce_recordedtime"] == b"2025-03-31T10:00:00Z"
    assert EVERYTHING.recorded_at.astimezone(UTC) == datetime(2025, 3, 31, 10, tzinfo=UTC)


def test_free_text_about_people_stays_out_of_the_headers() -> None:
    assert not any("王小明".encode() in value for _, value in record(EVERYTHING, ORIGIN).headers)


def test_attribute_names_are_those_that_cloudevents_allows() -> None:
    names = [name for name, _ in record(EVERYTHING, ORIGIN).headers]
    assert len(set(names)) == len(names)
    assert all(re.fullmatch(r"ce_[a-z0-9]{1,20}", name) for name in names if name != "content-type")


def test_an_event_keeps_its_id_and_one_recorded_after_a_restore_names_its_incarnation() -> None:
    def read(restored: Lineage, position: int) -> tuple[str, str, str]:
        headers = dict(record(replace(EVERYTHING, position=position), origin(restored, position)).headers)
        return headers["ce_id"].decode(), headers["ce_logid"].decode(), headers["ce_incarnation"].decode()

    log, later = str(UUID(int=1)), str(UUID(int=2))
    assert read(lineage(0), 5) == read(lineage(0, 5), 5) == ("zeren/5", log, log)
    assert read(lineage(0), 6) == ("zeren/6", log, log)
    assert read(lineage(0, 5), 6) == (f"zeren/{later}/6", log, later)
