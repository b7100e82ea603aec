"""The commands that carry an answer, and the questions that give it."""

from collections.abc import Callable
from datetime import datetime
from functools import cached_property
from typing import Any, NamedTuple

from commands.base import Command
from commands.responsibility import ProposeHandover
from events.base import but
from services.handling import Completing, NotAnsweredError, Request
from services.questions import kpi_cases
from services.questions.moves import moves
from services.questions.views import Moment, ViewBehindError, Views


class Completion(NamedTuple):
    """How commands of one type are completed."""

    is_called_for: Callable[[Request, datetime], bool]
    """Whether there is something to ask, seen from now."""
    views: tuple[str, ...]
    """The views that are asked."""
    complete: Callable[[Any, Views, Moment], Command]
    """The command with its answer."""


def _takes_effect_in_past(request: Request, now: datetime) -> bool:
    """Whether a handover of something of a customer does; figures are about nothing else."""
    proposal: Any = request.command
    return request.stream.startswith("customer:") and proposal.effective_at < now


def _with_moves(proposal: ProposeHandover, views: Views, moment: Moment) -> ProposeHandover:
    return but(proposal, moves=moves(views, proposal, moment))


COMPLETIONS: dict[type[Command], Completion] = {
    ProposeHandover: Completion(_takes_effect_in_past, kpi_cases.VIEWS, _with_moves),
}
_VIEWS = tuple(sorted({view for completion in COMPLETIONS.values() for view in completion.views}))


class _Asking:
    """Asks for the commands that came together, all at one position: no earlier than what was recorded by then."""

    def __init__(self, views: Views) -> None:
        self._views, self._head = views, views.ledger.size()
        self._behind = False

    def __call__(self, request: Request) -> Command:
        command = request.command
        return COMPLETIONS[type(command)].complete(command, self._views, self._moment)

    @cached_property
    def _moment(self) -> Moment:
        try:
            # Whoever waited in vain once does not wait for each of many commands.
            if not self._behind:
                return self._views.moment(*_VIEWS, at_least=self._head)
        except ViewBehindError as behind:
            self._behind = True
            raise NotAnsweredError from behind
        raise NotAnsweredError


def completing(views: Views) -> Completing:
    """How commands are completed by what the views answer."""
    called_for = {command: completion.is_called_for for command, completion in COMPLETIONS.items()}
    return Completing(called_for, lambda: _Asking(views))
