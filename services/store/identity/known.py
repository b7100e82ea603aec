"""What a process knows of the log's incarnations: looked up again only where a page of the log shows a newer one."""

import threading

from services.store.database import Database
from services.store.identity.keeping import lineage_of
from services.store.identity.lineage import Incarnation, Lineage, Noticed

_NOW = "SELECT (SELECT size FROM zeren.log_head) AS size, (SELECT max(number) FROM zeren.log_incarnation) AS number"


class Identity:
    """The incarnations of a log as one process knows them."""

    def __init__(self, database: Database, lineage: Lineage) -> None:
        self._database = database
        self._lineage = lineage
        self._begun = lineage.present.number
        self._looking = threading.Lock()

    @property
    def lineage(self) -> Lineage:
        """As it was when somebody last looked."""
        return self._lineage

    def at_least(self, number: int) -> Lineage:
        """The incarnations, up to that number at least: whoever has read an event has seen its number beside it."""
        with self._looking:
            if number > self._lineage.present.number:
                self._lineage = lineage_of(self._database)
            return self._lineage

    def went_back(self) -> Incarnation | None:
        """The incarnation by which the log went back while this process ran, as far as it has looked."""
        later = self._lineage.incarnations[self._begun :]
        return next((one for one in reversed(later) if one.noticed is Noticed.WENT_BACK), None)

    def now(self) -> tuple[int, Lineage]:
        """The end of the log and its incarnations as they are now."""
        row = self._database.rows(_NOW)[0]
        return int(row["size"]), self.at_least(int(row["number"]))
