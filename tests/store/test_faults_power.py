"""The power is cut under load: nothing acknowledged is lost, and the method finds a loss where there is one.

The log as far as it was flushed can be looked at anywhere; the disk itself only where file systems may be mounted.
Which of them ran is in the names of the tests.
"""

from collections.abc import Callable
from pathlib import Path

import pytest

from soak.disks import why_no_images
from soak.faults import lost_power
from soak.verdict import Verdict
from tests.store.verdicts import kept

PowerCut = Callable[..., list[Verdict]]
MAY_MOUNT = why_no_images() is None
CUTS = pytest.mark.parametrize(
    "cut",
    [lost_power.flushed_log, *([lost_power.images] if MAY_MOUNT else [])],
    ids=["flushed-log", *(["images-of-the-disk"] if MAY_MOUNT else [])],
)


@CUTS
def test_what_was_acknowledged_before_is_there(cut: PowerCut, tmp_path: Path) -> None:
    kept(cut(tmp_path, 2, saves=30))


@CUTS
def test_without_waiting_for_the_disk_events_are_lost(cut: PowerCut, tmp_path: Path) -> None:
    (control,) = cut(tmp_path, 2, saves=30, careless=True)
    assert control.is_control
    assert control.lost > 0
