"""Positions count only as far as none before them is missing."""

import pytest

from services.store.reading.gap_check import HoleInLogError, require_dense


@pytest.mark.parametrize("positions", [[], [8], [8, 9, 10]])
def test_positions_without_holes_are_taken(positions: list[int]) -> None:
    require_dense(7, iter(positions))


@pytest.mark.parametrize(
    ("positions", "missing"), [([9], 8), ([8, 10], 9), ([8, 9, 9], 10), ([8, 8, 9], 9), ([9, 8], 8), ([7, 8], 8)]
)
def test_the_first_position_that_is_missing_is_named(positions: list[int], missing: int) -> None:
    with pytest.raises(HoleInLogError, match=f"position {missing} is missing"):
        require_dense(7, iter(positions))
