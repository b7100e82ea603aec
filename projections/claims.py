"""Items are known by their own ids: two streams cannot claim the same one."""

from projections.base import Values


class ClaimedError(Exception):
    """An item of another stream has this id already; the stream that came later is parked."""


def require_unclaimed(before: Values | None, column: str, owner: object) -> None:
    """Let an item be recorded unless another stream, named in `column`, has one with its id.

    Raises:
        ClaimedError: another stream has one.
    """
    if before is not None and before[column] != owner:
        raise ClaimedError(f"{before[column]} has an item with this id")
