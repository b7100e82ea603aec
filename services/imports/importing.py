"""Runs an import: rows in order, in batches, each row recorded whole or left out with its reason."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from itertools import islice

from services.handling import CommandHandler, Failure, GroupResult, Rehearsal, Request
from services.imports.mapping import Mapping
from services.imports.memory import Memory
from services.imports.planning import Numbered, Planned, Planner, first_key, key_of_nothing, owner
from services.imports.reasons import Error, RowRejectedError
from services.imports.report import Report
from services.imports.sorting import Keyed, Place, in_order
from services.imports.tables import Row, SourceFile
from services.imports.values import Reader, RowValues
from services.store.writing.recorder import KeyedVersions, Save

BATCH = 500
"""Rows that are recorded in one transaction."""

Reject = Callable[[Row, Error], None]
Progress = Callable[[int], None]


class Importer:
    """Imports files of one mapping, one after the other; a dry run decides everything and records nothing."""

    def __init__(self, handler: CommandHandler, mapping: Mapping, *, dry_run: bool = False, batch: int = BATCH) -> None:
        self.handler = handler
        self.ledger = handler.ledger
        self.mapping = mapping
        self.batch = batch
        self.memory = Memory()
        self.rehearsal = Rehearsal() if dry_run else None
        self._rehearsed: set[str] = set()
        self._size = batch

    def run(
        self, file: SourceFile, reject: Reject = lambda _row, _error: None, progress: Progress = lambda _done: None
    ) -> Report:
        """Import a file; `reject` gets every row that was left out, `progress` the number of rows done so far.

        Raises:
            UnusableError: the file does not fit the mapping, or is damaged.
        """
        reader = Reader(self.mapping, file)
        batch = f"{self.mapping.name}@{self.mapping.version}:{file.digest[:12]}"
        report = Report(batch, file.sheet, file.encoding, file.delimiter)

        def rejected(row: Row, error: Error) -> None:
            report.reject(error)
            reject(row, error)

        with self._alone():
            self._run(Planner(self.ledger, self.mapping, self.memory, reader, batch), file, report, rejected, progress)
        return report

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Two imports of one mapping at a time would plan on top of each other: the second waits."""
        lock = (owner(self.mapping),)
        with self.ledger.database.connection() as connection:
            connection.execute("SELECT pg_advisory_lock(hashtextextended(%s, 0))", lock)
            try:
                yield
            finally:
                connection.execute("SELECT pg_advisory_unlock(hashtextextended(%s, 0))", lock)

    def _run(self, planner: Planner, file: SourceFile, report: Report, rejected: Reject, progress: Progress) -> None:
        reader = planner.reader
        rows = self._numbered(reader, self._ordered(reader, file, report, rejected), report)
        done = 0
        waiting: list[Numbered] = []
        while True:
            waiting += islice(rows, self.batch - len(waiting))
            if not waiting:
                return
            settled = self._advance(planner, waiting[: self._size], report, rejected)
            del waiting[:settled]
            done += settled
            progress(done)

    def _ordered(self, reader: Reader, file: SourceFile, report: Report, reject: Reject) -> Iterator[Row]:
        keyed = self._keyed(reader, file, report, reject)
        return in_order(keyed) if self.mapping.rows.order else (row for _, row in keyed)

    def _keyed(self, reader: Reader, file: SourceFile, report: Report, reject: Reject) -> Iterator[Keyed]:
        latest: dict[str, Place] = {}
        for row in file.rows():
            if reader.is_blank(row):
                continue
            report.rows += 1
            try:
                reader.require_readable(row)
                place = self._place(RowValues(reader, row), latest, report)
            except RowRejectedError as error:
                reject(row, error)
                continue
            yield place, row

    def _place(self, values: RowValues, latest: dict[str, Place], report: Report) -> Place:
        rules = self.mapping.rows
        place = tuple(values.need(name) for name in rules.order)
        if not place:
            return place
        key = values.need_rendered(rules.key)
        if place >= latest.get(key, place):
            latest[key] = place
            return place
        if rules.late == "reject":
            raise RowRejectedError("row.out-of-order")
        report.sorted += 1
        return place

    def _numbered(self, reader: Reader, rows: Iterator[Row], report: Report) -> Iterator[Numbered]:
        times: Counter[str] = Counter()
        for row in rows:
            content = reader.content(row)
            times[content] += 1
            if times[content] > 1 and self.mapping.rows.repeats == "same":
                report.repeated += 1
                continue
            yield Numbered(row, f"{content}.{times[content]}")

    def _advance(self, planner: Planner, rows: Sequence[Numbered], report: Report, reject: Reject) -> int:
        """Settle rows from the front, all of them unless one is refused; how many."""
        imported = self._imported(rows)
        plans = self._plan(planner, rows, imported)
        groups = {index: plan.requests for index, plan in plans.items() if isinstance(plan, Planned) and plan.requests}
        results: list[GroupResult] = []
        self._note_rows_without_commands(rows, plans, imported, groups)
        if groups:
            results = self.handler.execute_groups(list(groups.values()), whole=True, rehearsal=self.rehearsal)
        for index, result in zip(groups, results, strict=True):
            if isinstance(result, Failure):
                # Rows after it were planned as if it had been accepted: nothing was recorded, they are planned anew.
                self.memory.undo()
                self._size = max(index, 1)
                if index:
                    return 0
                reject(rows[0].row, result.error)
                return 1
        self.memory.keep()
        self._size = min(self.batch, self._size * 2)
        self._count(report, rows, plans, imported, dict(zip(groups, results, strict=True)), reject)
        return len(rows)

    def _note_rows_without_commands(
        self,
        rows: Sequence[Numbered],
        plans: dict[int, Planned | RowRejectedError],
        imported: set[str],
        groups: dict[int, list[Request]],
    ) -> None:
        """Record the keys of rows that lead to nothing, in the same transaction as their neighbours."""
        keys = tuple(
            key_of_nothing(self.mapping, numbered)
            for index, numbered in enumerate(rows)
            if isinstance(plans[index], Planned) and index not in groups and numbered.identity not in imported
        )
        if not keys or self.rehearsal is not None:
            return
        if groups:
            index, requests = next(iter(groups.items()))
            groups[index] = [requests[0]._replace(further_keys=keys), *requests[1:]]
            return
        nothing = [KeyedVersions(key, 1, 0) for key in keys]
        self.ledger.log_recorder.append([Save(owner(self.mapping), (), nothing)])

    def _imported(self, rows: Sequence[Numbered]) -> set[str]:
        answers = self.ledger.answers(owner(self.mapping), [first_key(row) for row in rows])
        return {row.identity for row in rows if first_key(row) in answers or row.identity in self._rehearsed}

    def _plan(
        self, planner: Planner, rows: Sequence[Numbered], imported: set[str]
    ) -> dict[int, Planned | RowRejectedError]:
        while True:
            planner.assumed.clear()
            plans: dict[int, Planned | RowRejectedError] = {}
            for index, numbered in enumerate(rows):
                try:
                    plans[index] = planner.plan(numbered, imported=numbered.identity in imported)
                except RowRejectedError as error:
                    plans[index] = error
            begun = self.ledger.begun(planner.assumed)
            if not begun:
                return plans
            self.memory.undo()
            self.memory.created |= dict.fromkeys(begun, True)

    def _count(
        self,
        report: Report,
        rows: Sequence[Numbered],
        plans: dict[int, Planned | RowRejectedError],
        imported: set[str],
        results: dict[int, GroupResult],
        reject: Reject,
    ) -> None:
        for index, numbered in enumerate(rows):
            plan, result = plans[index], results.get(index)
            if isinstance(plan, RowRejectedError):
                reject(numbered.row, plan)
            elif numbered.identity in imported:
                report.imported_before += 1
            elif result is None or isinstance(result, Failure):
                report.unchanged += 1
            else:
                report.imported += 1
                report.superseded += plan.superseded
                report.commands += len(plan.requests)
                for outcome in result:
                    report.events.update(event.name for event in outcome.events)
                    report.position = max(report.position, outcome.position)
                if self.rehearsal is not None:
                    self._rehearsed.add(numbered.identity)
