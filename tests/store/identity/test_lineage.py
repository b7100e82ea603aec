"""What a position of an earlier incarnation still means."""

from uuid import UUID

import pytest

from services.store.identity.lineage import UnknownIncarnationError
from tests.store.identity.lineages import lineage


def test_an_event_is_of_the_incarnation_it_was_recorded_in() -> None:
    twice_restored = lineage(0, 100, 50)
    assert [twice_restored.of(position).number for position in (1, 50, 51, 100, 101, 500)] == [1, 1, 3, 3, 3, 3]
    assert [lineage(0, 100).of(position).number for position in (1, 100, 101)] == [1, 1, 2]


def test_where_nobody_has_read_further_than_the_restore_nothing_parts() -> None:
    restored = lineage(0, 100)
    assert restored.parted(UUID(int=1), 100) is None
    assert restored.parted(UUID(int=2), 5_000) is None
    assert restored.parted(UUID(int=1), 101) == 100


def test_of_several_restores_the_one_that_went_furthest_back_counts() -> None:
    assert lineage(0, 100, 50, 70).parted(UUID(int=1), 120) == 50
    assert lineage(0, 100, 50, 70).parted(UUID(int=3), 120) == 70
    assert lineage(0, 100, 50, 70).parted(UUID(int=3), 60) is None


def test_of_an_incarnation_that_a_restore_has_taken_away_nobody_can_tell() -> None:
    with pytest.raises(UnknownIncarnationError):
        lineage(0, 100).parted(UUID(int=7), 1)


def test_the_log_keeps_its_id() -> None:
    assert lineage(0, 100, 0).id == UUID(int=1)
    assert lineage(0, 100, 0).present.number == 3
