"""The log is dense: a reader stops before the first position that is missing."""

from collections.abc import Iterable


class HoleInLogError(Exception):
    """A position is missing: nothing after it may be read."""


def require_dense(after: int, positions: Iterable[int]) -> None:
    """See that positions are `after + 1`, `after + 2`, ….

    Raises:
        HoleInLogError: one is missing.
    """
    for expected, position in enumerate(positions, after + 1):
        if position != expected:
            raise HoleInLogError(f"position {expected} is missing")
