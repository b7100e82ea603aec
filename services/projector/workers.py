"""Rebuilds views in several processes, each with connections of its own."""

import multiprocessing
import os
from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from multiprocessing.queues import SimpleQueue

from projections.base import Projection
from projections.registry import PROJECTIONS
from services.projector.groups import groups
from services.projector.rebuild import rebuild_together
from services.store.database import Database
from services.store.ledger import Ledger

_LONG = 50_000
"""A log of so many events is worth several processes."""
_Shown = tuple[str, int, int]
Progress = Callable[[str, int, int], None]
"""Called with the names of views, the position they reached, and the size of the log."""


def rebuild_all(
    url: str,
    names: Sequence[str] = (),
    progress: Progress = lambda _names, _done, _size: None,
    *,
    processes: int | None = None,
    outdated_only: bool = False,
    parking: bool = False,
) -> dict[str, int]:
    """Make the named views anew, all of them where none is named; the position each was made up to.

    `processes` is the number of cores where it is not given; 1 stays in this process. What a rebuild may raise comes
    from the first process that fails; the views of the others are finished.
    """
    chosen = [one for one in PROJECTIONS if not names or one.name in names]
    shares = [[one.name for one in group] for group in groups(chosen, processes or os.cpu_count() or 1)]
    if len(shares) == 1:
        return _work(url, shares[0], outdated_only, parking, progress)
    spawning = multiprocessing.get_context("spawn")
    shown: SimpleQueue[_Shown] = spawning.SimpleQueue()
    with ProcessPoolExecutor(
        len(shares), mp_context=spawning, initializer=_Reports.begin, initargs=(shown,)
    ) as workers:
        working: set[Future[dict[str, int]]] = {
            workers.submit(_report, url, share, outdated_only, parking) for share in shares
        }
        pending = working
        while pending:
            _, pending = wait(pending, timeout=0.2, return_when=FIRST_COMPLETED)
            while not shown.empty():
                progress(*shown.get())
        reached: dict[str, int] = {}
        for work in working:
            reached |= work.result()
    return reached


def rebuild_outdated(ledger: Ledger, outdated: Sequence[Projection]) -> None:
    """Make views anew whose rows are of an older version; in several processes where the log is long.

    Streams that a new view cannot take are parked: a release starts, and says what it could not take.
    """
    if not outdated:
        return
    if ledger.size() < _LONG:
        rebuild_together(ledger, outdated, outdated_only=True, parking=True)
        return
    rebuild_all(ledger.database.url, [one.name for one in outdated], outdated_only=True, parking=True)


class _Reports:
    """The way back to the process that started this one."""

    shown: "SimpleQueue[_Shown]"

    @classmethod
    def begin(cls, shown: "SimpleQueue[_Shown]") -> None:
        """Remember the way."""
        cls.shown = shown


def _report(url: str, names: Sequence[str], outdated_only: bool, parking: bool) -> dict[str, int]:
    return _work(url, names, outdated_only, parking, lambda *shown: _Reports.shown.put(shown))


def _work(url: str, names: Sequence[str], outdated_only: bool, parking: bool, progress: Progress) -> dict[str, int]:
    chosen = [one for one in PROJECTIONS if one.name in names]
    with Database(url) as database:
        ledger = Ledger(database)
        try:
            return rebuild_together(
                ledger,
                chosen,
                lambda done, size: progress(", ".join(names), done, size),
                outdated_only=outdated_only,
                parking=parking,
            )
        finally:
            ledger.close()
