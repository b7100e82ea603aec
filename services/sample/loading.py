"""Loads the sample company: lets the story happen in a ledger of its own, at the times it is told to happen."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from events.recorded import Context, Provenance
from services.application import Zeren
from services.handling import Failure, Request
from services.sample.accounts import ACCOUNTS
from services.sample.chance import named
from services.sample.clock import SimulatedClock
from services.sample.days import Days
from services.sample.deadlines import Deadlines
from services.sample.questions import Question, questions
from services.sample.story import Entry
from services.sample.whole import story
from services.store.ledger import Ledger

_BATCH = "sample-company@"
_PAGE = 1000

Progress = Callable[[int, int], None]
"""Called with the number of entries that are done and of all."""


class LedgerInUseError(Exception):
    """The ledger holds events of somebody else's: the sample company needs one of its own."""


@dataclass(frozen=True, slots=True)
class Sample:
    """The sample company as it stands in a ledger."""

    today: date
    """The day the story ends before; earlier than asked for where it was loaded on an earlier day."""
    entries: int
    """How many entries the story has."""
    questions: tuple[Question, ...]
    """The golden questions that it answers."""


def load(zeren: Zeren, clock: SimulatedClock, today: date, progress: Progress = lambda _done, _all: None) -> Sample:
    """Let the two years before `today` happen, or what is still missing of them.

    Loading again changes nothing. Afterwards the clock is let go.

    Raises:
        LedgerInUseError: the ledger holds other events.
        Refused: a rule refuses the story, which would be a mistake in it.
    """
    begun, done = _so_far(zeren.ledger)
    today = begun or today
    entries = story(today)
    if done < len(entries):
        _happen(zeren, clock, entries, done, Days(today), progress)
    clock.let_go()
    return Sample(today, len(entries), questions(today))


def _happen(
    zeren: Zeren, clock: SimulatedClock, entries: list[Entry], done: int, days: Days, progress: Progress
) -> None:
    deadlines = Deadlines(zeren.handler, clock)
    if done:
        deadlines.look_at(account.stream for account in ACCOUNTS)
    numbered = list(enumerate(entries, 1))[done:]
    for moment, together in groupby(numbered, key=lambda pair: pair[1].at):
        deadlines.run(moment)
        clock.stand_at(moment)
        present = list(together)
        groups = [_requests(row, entry, days.today, zeren.ledger) for row, entry in present]
        for result in zeren.handler.execute_groups(groups):
            if isinstance(result, Failure):
                raise result.error
        deadlines.look_at({entry.stream for _, entry in present if entry.stream.startswith("customer:")})
        progress(present[-1][0], len(entries))
    deadlines.run(days.end)


def _requests(row: int, entry: Entry, today: date, ledger: Ledger) -> list[Request]:
    context = Context(
        actor=f"person:{entry.by.id}",
        on_behalf_of=entry.on_behalf_of.id if entry.on_behalf_of else None,
        correlation_id=named("entry", today, row),
        source=Provenance(batch=f"{_BATCH}{today}", row=row),
        trust="sample",
    )
    return [Request(entry.stream, command, context) for command in entry.commands(ledger.state)]


def _so_far(ledger: Ledger) -> tuple[date | None, int]:
    """The day of a story that was begun, and the number of its last entry that was recorded."""
    begun: date | None = None
    done = position = 0
    while page := ledger.read(position, _PAGE):
        for recorded in page:
            source = recorded.context.source
            if source is not None and source.batch.startswith(_BATCH):
                begun = date.fromisoformat(source.batch.removeprefix(_BATCH))
                done = max(done, source.row)
            elif begun is None and not recorded.stream.startswith("policy:"):
                raise LedgerInUseError
        position = page[-1].position
    return begun, done
