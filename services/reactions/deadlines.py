"""The deadline process: looks for due times that have passed, and gives the commands that say so."""

import logging
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from events.vocabulary.items import COMMITMENT, COMPLAINT, FIRST_RESPONSE, OBLIGATION
from projections.lives.questions import PASSING, PASSING_LATER
from services.handling import CommandHandler, Failure, Request
from services.questions.views import Views
from services.reactions import (
    when_commitment_falls_due_then_record_it,
    when_complaint_clock_runs_out_then_escalate,
    when_obligation_falls_due_then_record_it,
)
from services.reactions.pages import pages

logger = logging.getLogger(__name__)

_REACTIONS: Mapping[str, Callable[[Mapping[str, Any]], Request]] = {
    COMMITMENT.name: when_commitment_falls_due_then_record_it.request,
    COMPLAINT.name: when_complaint_clock_runs_out_then_escalate.request,
    FIRST_RESPONSE.name: when_complaint_clock_runs_out_then_escalate.request,
    OBLIGATION.name: when_obligation_falls_due_then_record_it.request,
}
"""Kind of item → the command for one that was open when its due time passed."""
_BATCH = 500


class Deadlines:
    """Goes through the agenda of what has fallen due; any number of processes may do it at once."""

    def __init__(self, handler: CommandHandler, views: Views, *, batch: int = _BATCH) -> None:
        self.handler = handler
        self.views = views
        self._batch = batch

    def step(self) -> bool:
        """Record what is due now; whether there may be more at once."""
        # A view that lags would name what was recorded already.
        self.views.moment(at_least=self.handler.ledger.size())
        asked = {"kinds": list(_REACTIONS), "now": datetime.now(UTC)}
        recorded = 0
        for rows in pages(self.views, PASSING, PASSING_LATER, asked, self._batch):
            recorded += self._give([_REACTIONS[row["kind"]](row) for row in rows])
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
