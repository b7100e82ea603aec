"""The record that is cut from the stored bytes is the record of the event read whole."""

import json
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from pathlib import Path
from uuid import UUID

import pytest

from events.base import Event
from events.catalogue import CATALOGUE
from events.customer.satisfaction import SurveyAnswerRecorded
from events.recorded import Context, Provenance, Recorded
from events.vocabulary.identifiers import EventId, SurveyAnswerId, SurveyId
from events.vocabulary.values import Scale
from services.store.mapper import UnreadableEventError, decode, encode
from services.streaming.cloudevents import Record, record
from services.streaming.stored import record_of
from tests.streaming.helpers import HUADONG, LIN, ORIGIN, visit

RECORDED_AT = datetime(2025, 3, 31, 18, 0, 0, 250_000, tzinfo=timezone(timedelta(hours=8)))
LITTLE = Context(actor="system")
MUCH = Context(
    actor=f"person:{LIN}",
    on_behalf_of=LIN,
    reason='said: "wait", then ,"context":{} and \\',
    occurred_at=datetime(2025, 3, 10, 9, 30, 0, 500_000, tzinfo=UTC),
    correlation_id=UUID(int=5),
    causation_id=EventId(UUID(int=6)),
    source=Provenance(batch="crm", row=3, recorded_at=RECORDED_AT),
    trust="unverified",
)


def both(name: str, state: bytes) -> tuple[Record, Record]:
    """Cut, and read whole."""
    event, context = decode(name, state)
    return (
        record_of(1234, HUADONG, 7, name, state, RECORDED_AT, ORIGIN),
        record(Recorded(HUADONG, 7, 1234, RECORDED_AT, event, context), ORIGIN),
    )


def sample(repository_root: Path, name: str) -> Event:
    """The newest sample of an event."""
    path = max((repository_root / "tests" / "samples").glob(f"{name}.v*.json"))
    return CATALOGUE[name].model_validate(json.loads(path.read_text()))


@pytest.mark.parametrize("name", CATALOGUE)
@pytest.mark.parametrize("context", [LITTLE, MUCH], ids=["little", "much"])
def test_every_event_comes_to_the_same(repository_root: Path, name: str, context: Context) -> None:
    cut, whole = both(name, encode(sample(repository_root, name), context))
    assert cut == whole


def test_data_may_say_what_the_envelope_says() -> None:
    said = visit(HUADONG, 7, content='"data":{} ,"context":{"actor":"system"}')
    cut, whole = both(said.event_name, encode(said, MUCH))
    assert cut == whole
    answer = SurveyAnswerRecorded(
        survey_id=SurveyId(UUID(int=1)),
        answer_id=SurveyAnswerId(UUID(int=2)),
        answered_at=RECORDED_AT,
        scores={"actor": Decimal(1), "context": Decimal(2)},
        scale=Scale(min=Decimal(0), max=Decimal(5)),
        about_person=None,
        served_by=(),
    )
    cut, whole = both(answer.event_name, encode(answer, LITTLE))
    assert cut == whole


def test_what_was_written_in_another_form_is_read_whole() -> None:
    event = visit(HUADONG, 7)
    written = json.loads(encode(event, MUCH))
    cut, whole = both(event.event_name, json.dumps(written, ensure_ascii=True).encode())
    assert cut == whole
    assert cut.value == event.model_dump_json().encode()


@pytest.mark.parametrize(
    ("name", "state"),
    [
        ("customer.visit-forgotten", b'{"v":1,"data":{},"context":{"actor":"system"}}'),
        ("customer.visit-recorded", b'{"v":2,"data":{},"context":{"actor":"system"}}'),
        ("customer.visit-recorded", b'{"v":1,"data":{},"context":{"actor":"system"'),
        ("customer.visit-recorded", b'{"v":1,"data":{},"context":{"reason":"?"}}'),
        ("customer.visit-recorded", b'{"v":1,"data":{}'),
        ("customer.visit-recorded", b'{"v":1,"data":{},"context":null}'),
    ],
)
def test_what_cannot_be_read_is_not_sent(name: str, state: bytes) -> None:
    with pytest.raises(UnreadableEventError):
        record_of(1, HUADONG, 1, name, state, RECORDED_AT, ORIGIN)
