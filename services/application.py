"""The composition root: every part of a running Zeren, put together in one place."""

from collections.abc import Callable, Collection
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Self

from projections.registry import PROJECTIONS
from services.completions import completing
from services.handling import CommandHandler
from services.handling.first_rules import give_first_rules
from services.projector.runner import Runner
from services.projector.schema import prepare
from services.projector.supervisor import Supervised
from services.projector.workers import rebuild_outdated
from services.questions.views import Views
from services.reactions.deadlines import Deadlines
from services.settings import DEFAULT_DATA, Settings
from services.store.database import Database
from services.store.embedded import embedded_url
from services.store.ledger import Ledger
from services.store.reading.change_signal import ChangeSignal
from services.store.reading.notices import LOG, VIEWS, Notices
from services.store.reading.replica import replica_of
from services.store.refusals import REFUSED, sentence
from services.store.unusable import NoDatabaseError

DEADLINE_PAUSE = 1.0
"""Seconds at most between two looks at what fell due."""


_CONNECTIONS, _CONNECTIONS_TO_KEEP_VIEWS = 4, 8
"""What the work of a process takes at least; in use it may be several times as many."""


class Zeren:
    """An open ledger with its command handler and views; a context manager.

    `projecting` keeps the views up to date in the background, all of them or those named in `only`, as long as no other
    process does; `watching` records what falls due.
    `direct_url` leads to the server itself where `database_url` leads to a pooler; saves, locks and notices go there.
    `read_url` is a streaming replica that questions are answered from; commands always go to `database_url`.
    `notify` lets the processes of a ledger wake each other; without it they find out by looking.
    `clock` replaces the recorded time; only the sample company uses it.

    Raises:
        NoDatabaseError: the database cannot be reached, or lets us not lay the ledger out.
        UnsafeDatabaseError: it is not safe to keep a ledger there, or there are too few connections.
    """

    def __init__(
        self,
        database_url: str,
        *,
        direct_url: str | None = None,
        projecting: bool = True,
        only: Collection[str] = (),
        watching: bool = False,
        read_url: str | None = None,
        notify: bool = True,
        clock: Callable[[], datetime | None] = lambda: None,
    ) -> None:
        self.database = Database(database_url, direct_url=direct_url)
        self.projections = PROJECTIONS
        try:
            self.database.require_connections(_CONNECTIONS_TO_KEEP_VIEWS if projecting else _CONNECTIONS)
            self.ledger = self._laid_out(clock)
        except BaseException:
            self.database.close()
            raise
        self.runner = Runner(self.ledger, self.projections)
        """Takes views forward when it is asked to."""
        kept = [one for one in self.projections if not only or one.name in only]
        self.keeper = Runner(self.ledger, kept, locking=True) if projecting else None
        """Takes views forward in the background."""
        self.replica = replica_of(self.database, read_url) if read_url else None
        self.views = Views(self.ledger, self.projections, self.replica)
        """What questions are asked of."""
        self._own_views = Views(self.ledger, self.projections) if self.replica else self.views
        self.projector = Supervised("projector", partial(self._project, self.keeper)) if self.keeper else None
        self.changes = ChangeSignal()
        """Given when something was recorded, by this process or another one."""
        self.wakes: list[Callable[[], None]] = [self.changes.notify, *([self.projector.wake] if self.projector else [])]
        """Called when something was recorded."""
        self.notices = Notices(self.database.url, {LOG: [self._wake], VIEWS: [self._moved]}) if notify else None
        self.handler = CommandHandler(self.ledger, self._recorded, completing(self._own_views))
        give_first_rules(self.handler)
        deadlines = Supervised("deadlines", Deadlines(self.handler, self._own_views).step, longest=DEADLINE_PAUSE)
        self.background = [job for job in (self.projector, deadlines if watching else None) if job]
        for job in self.background:
            job.start()

    def _laid_out(self, clock: Callable[[], datetime | None]) -> Ledger:
        role = self.database.role
        try:
            ledger = Ledger(self.database, clock)
            with self.database.connection() as connection:
                outdated = prepare(connection, self.projections)
            rebuild_outdated(ledger, outdated)
        except REFUSED as error:
            said = sentence(error, role)
            if said is None:
                raise
            raise NoDatabaseError(said) from error
        return ledger

    def _recorded(self, _position: int) -> None:
        self._wake()
        if self.notices:
            self.notices.announce(LOG)

    def _wake(self) -> None:
        for wake in self.wakes:
            wake()

    def _project(self, keeper: Runner) -> bool:
        moved = keeper.advance() > 0
        if moved:
            self._moved()
            if self.notices:
                self.notices.announce(VIEWS)
        return moved

    def _moved(self) -> None:
        self.views.checkpoints.moved()
        self._own_views.checkpoints.moved()

    def close(self) -> None:
        """Stop the background work and give the connections back."""
        for job in reversed(self.background):
            job.stop()
        if self.keeper:
            self.keeper.close()
        self.runner.close()
        if self.notices:
            self.notices.stop()
        self.views.close()
        self._own_views.close()
        self.ledger.close()
        if self.replica:
            self.replica.close()
        self.database.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def database_url(settings: Settings, data: Path = DEFAULT_DATA) -> str:
    """The URL of the server that the settings name, else of the embedded one, started in `data`."""
    return settings.database_url or embedded_url(data)
