"""Events are read by their names, in whatever shape they were written."""

import pytest
from pydantic import TypeAdapter

from events.base import Event
from events.catalogue import Named, brought_up
from events.responsibility import HandoverProposed
from tests.domain.given import REGISTERED

NAMED: TypeAdapter[Event] = TypeAdapter(Named)


def test_an_event_is_written_with_its_name_and_read_back() -> None:
    written = NAMED.dump_json(REGISTERED)
    assert written.startswith(b'{"name":"customer.registered"')
    assert NAMED.validate_json(written) == REGISTERED
    assert NAMED.validate_python(REGISTERED) is REGISTERED


def test_an_old_shape_is_brought_up() -> None:
    assert brought_up(HandoverProposed, 1, {})["retroactive"] is False


@pytest.mark.parametrize("version", [0, HandoverProposed.class_version + 1])
def test_a_shape_that_this_release_does_not_know_is_refused(version: int) -> None:
    with pytest.raises(ValueError, match="newer release"):
        brought_up(HandoverProposed, version, {})
