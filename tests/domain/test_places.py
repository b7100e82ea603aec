"""The identity of an event is the name-based UUID of its place, and its envelope says what it is."""

from uuid import UUID, uuid5

from hypothesis import given
from hypothesis import strategies as st

from events.recorded import Context, Recorded
from events.vocabulary.identifiers import StreamId, event_id, stream_id
from tests.domain.given import REGISTERED
from tests.domain.people import HUADONG, NOW

SPACE = UUID("6f0f2c1e-7a9b-5d57-9c1e-0c5d1f3a2b4c")


@given(st.text(st.characters(codec="utf-8")), st.integers(1, 2**63 - 1))
def test_the_identity_is_uuid5_of_the_place(stream: str, version: int) -> None:
    assert event_id(StreamId(stream), version) == uuid5(SPACE, f"{stream}/{version}")


def test_an_envelope_tells_kind_and_data() -> None:
    recorded = Recorded(stream_id("customer", HUADONG), 1, 1, NOW, REGISTERED, Context(actor="system"))
    assert recorded.kind is type(REGISTERED)
    assert recorded.kind.model_validate(recorded.data) == REGISTERED
    assert recorded.kind.model_validate_json(recorded.written_data) == REGISTERED
    assert recorded.why == {"actor": "system"}
