"""Deals the tests out to the workers: what shares something costly goes to one of them, and the longest comes first."""

from typing import Any

import pytest

_TOGETHER = {
    "streaming": "the broker",
    "browser": "the story and a browser",
    "golden": "the sample company",
    "sample": "the sample company",
}
"""What the tests of a folder share; those of other folders share what their module makes."""
_FIRST = ("imports", "streaming", "store", "golden", "sample", "browser")
"""Folders with the longest tests: were they last, all workers but one would have nothing left to do."""


def _folder(nodeid: str) -> str:
    """The folder of a test within `tests`."""
    return nodeid.removeprefix("tests/").partition("/")[0]


def shared(nodeid: str) -> str:
    """What a test shares with those that have to go to the same worker."""
    return _TOGETHER.get(_folder(nodeid), nodeid.partition("::")[0])


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the longest tests first; everything else stays in its order."""
    order = {folder: place for place, folder in enumerate(_FIRST)}
    items.sort(key=lambda item: order.get(_folder(item.nodeid), len(order)))


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Deal out by what tests share; marks for `--dist=loadgroup` get lost between xdist 3.8 and pytest 9.2."""
    # Imported only where there are workers.
    from xdist.scheduler import LoadScopeScheduling  # type: ignore[import-untyped] # noqa: PLC0415

    class BySharing(LoadScopeScheduling):  # type: ignore[misc]
        def _split_scope(self, nodeid: str) -> str:
            return shared(nodeid)

    # Otherwise it would begin with the modules that have the most tests, which are the shortest.
    config.option.loadscopereorder = False
    return BySharing(config, log)
