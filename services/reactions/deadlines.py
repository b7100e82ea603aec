"""The deadline process: looks for due times that have passed, and lets the reactions give their commands."""

import logging
from collections.abc import Callable, Iterable
from datetime import UTC, datetime

from services.handling import CommandHandler, Failure, Request
from services.questions.views import Views
from services.reactions import when_commitment_falls_due_then_record_it, when_complaint_clock_runs_out_then_escalate

logger = logging.getLogger(__name__)

_REACTIONS: tuple[Callable[[Views, datetime, int], Iterable[list[Request]]], ...] = (
    when_commitment_falls_due_then_record_it.due,
    when_complaint_clock_runs_out_then_escalate.due,
)
_BATCH = 500


class Deadlines:
    """Gives the commands of every reaction whose time has come; any number of processes may do it at once."""

    def __init__(self, handler: CommandHandler, views: Views, *, batch: int = _BATCH) -> None:
        self.handler = handler
        self.views = views
        self._batch = batch

    def step(self) -> bool:
        """Record what is due now; whether there may be more at once."""
        # A view that lags would name what was recorded already.
        self.views.moment(at_least=self.handler.ledger.size())
        now = datetime.now(UTC)
        recorded = 0
        for reaction in _REACTIONS:
            for requests in reaction(self.views, now, self._batch):
                recorded += self._give(requests)
        return recorded > 0

    def _give(self, requests: list[Request]) -> int:
        """Give commands; how many of them led to something."""
        results = self.handler.execute_groups([[request] for request in requests])
        recorded = 0
        for request, result in zip(requests, results, strict=True):
            if isinstance(result, Failure):
                logger.error("%s on %s: %s", request.context.actor, request.stream, result.error)
            else:
                recorded += any(outcome.events for outcome in result)
        return recorded
