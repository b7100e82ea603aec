"""Completes commands that carry an answer: it is asked for once, outside the decision, and recorded with the event."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from commands.base import Command
from services.handling.patience import patiently
from services.handling.requests import Failure, NotAnsweredError, Request

IsCalledFor = Callable[[Request, datetime], bool]
"""Whether there is something to ask, seen from now."""
Ask = Callable[[Request], Command]
"""The command with its answer; raises `NotAnsweredError`."""
Groups = Sequence[Sequence[Request]]


@dataclass(frozen=True, slots=True)
class Completing:
    """The commands that carry an answer, and who is asked: at one position for all that come together."""

    of: Mapping[type[Command], IsCalledFor]
    asking: Callable[[], Ask]
    """Asks no earlier than all that has been recorded when it is called."""

    def is_called_for(self, request: Request, now: datetime) -> bool:
        """Whether a command is to be completed; one that comes from a file is left as it is."""
        found = self.of.get(type(request.command))
        return found is not None and request.context.source is None and found(request, now)

    def completed(
        self,
        groups: Groups,
        now: Callable[[], datetime],
        answered: Callable[[Sequence[Request]], Collection[tuple[str, str]]],
    ) -> tuple[Groups, dict[int, Failure]]:
        """The groups with the answers that their commands carry, and which of them got none.

        `answered` finds the keys, by owner, that stand for what was recorded before: that is not asked again.

        Raises:
            psycopg.Error: the store was away for `PATIENCE` seconds.
        """
        if not any(type(request.command) in self.of for group in groups for request in group):
            return groups, {}
        seen_from = now()
        wanted = {
            (number, index): request
            for number, group in enumerate(groups)
            for index, request in enumerate(group)
            if self.is_called_for(request, seen_from)
        }
        known = patiently(lambda: answered(list(wanted.values())))
        wanted = {
            place: request
            for place, request in wanted.items()
            if request.key is None or (request.key.owner, request.key.key) not in known
        }
        return self._asked(groups, wanted) if wanted else (groups, {})

    def _asked(self, groups: Groups, wanted: Mapping[tuple[int, int], Request]) -> tuple[Groups, dict[int, Failure]]:
        ask = patiently(self.asking)
        after = [list(group) for group in groups]
        failures: dict[int, Failure] = {}
        for (number, index), request in wanted.items():
            if number in failures:
                continue
            try:
                after[number][index] = request._replace(command=patiently(partial(ask, request)))
            except NotAnsweredError as error:
                failures[number] = Failure(index, error)
        return after, failures


NOTHING = Completing({}, lambda: lambda request: request.command)
"""No command carries an answer."""
