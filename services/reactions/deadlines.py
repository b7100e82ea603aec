"""The deadline process: looks for due times that have passed, and lets the reactions give their commands."""

import logging
from collections.abc import Callable
from datetime import UTC, datetime

from services.handling import CommandHandler, Failure, Request
from services.reactions import when_commitment_falls_due_then_record_it, when_complaint_clock_runs_out_then_escalate
from services.views import Views

logger = logging.getLogger(__name__)

_REACTIONS: tuple[Callable[[Views, datetime, int], list[Request]], ...] = (
    when_commitment_falls_due_then_record_it.due,
    when_complaint_clock_runs_out_then_escalate.due,
)
_BATCH = 500


class Deadlines:
    """Gives the commands of every reaction whose time has come; any number of processes may do it at once."""

    def __init__(self, handler: CommandHandler, views: Views) -> None:
        self.handler = handler
        self.views = views

    def step(self) -> bool:
        """Record what is due now; whether there may be more at once."""
        # A view that lags would name what was recorded already.
        self.views.moment(at_least=self.handler.ledger.size())
        now = datetime.now(UTC)
        requests = [request for reaction in _REACTIONS for request in reaction(self.views, now, _BATCH)]
        results = self.handler.execute_groups([[request] for request in requests])
        recorded = 0
        for request, result in zip(requests, results, strict=True):
            if isinstance(result, Failure):
                logger.error("%s on %s: %s", request.context.actor, request.stream, result.error)
            else:
                recorded += any(outcome.events for outcome in result)
        return recorded > 0
