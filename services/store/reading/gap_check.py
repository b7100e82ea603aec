"""The log is dense: a reader stops before the first position that is missing."""

from collections.abc import Iterable


class HoleInLogError(Exception):
    """A position is missing: nothing after it may be read."""


def require_dense(after: int, positions: Iterable[int]) -> None:
    """See that positions are `after + 1`, `after + 2`, ….

    Raises:
        HoleInLogError: one is missing.
    """
    found = list(positions)
    expected = range(after + 1, after + 1 + len(found))
    if found != list(expected):
        missing = next(one for one, position in zip(expected, found, strict=True) if position != one)
        raise HoleInLogError(f"position {missing} is missing")
