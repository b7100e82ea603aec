"""How views are shared out: heavy ones alone, the others evenly."""

from collections.abc import Sequence

from projections.base import Projection


def groups(projections: Sequence[Projection], count: int) -> list[list[Projection]]:
    """Views in at most `count` groups of about the same cost."""
    heavy = [[one] for one in projections if one.heavy]
    light = sorted((one for one in projections if not one.heavy), key=lambda one: -len(one.events))
    shares = max(1, count - len(heavy))
    dealt = [*heavy, *(light[share::shares] for share in range(shares))]
    while len(dealt) > count > 0:
        dealt[-2:] = [[*dealt[-2], *dealt[-1]]]
    return [group for group in dealt if group]
