"""What was believed about a subject at each position of the log, and what was learned in between."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from uuid import UUID

from projections.responsibility import questions
from services.questions.responsibility import Holder
from services.questions.views import Views


@dataclass(frozen=True, slots=True)
class Belief:
    """One belief about one holding, over the positions `[known_from, known_to)`."""

    holding_id: UUID
    holder: Holder
    known_from: int
    known_to: int | None


@dataclass(frozen=True, slots=True)
class Lesson:
    """What the event at a position changed about one holding."""

    before: Holder | None
    after: Holder | None

    @property
    def roles(self) -> set[str]:
        """The role it is about."""
        return {one.role for one in (self.before, self.after) if one}


@dataclass(frozen=True)
class Knowledge:
    """Every belief about a subject there ever was."""

    beliefs: Sequence[Belief]

    @cached_property
    def _turns(self) -> Mapping[int, Mapping[UUID, tuple[Holder | None, Holder | None]]]:
        turns: dict[int, dict[UUID, tuple[Holder | None, Holder | None]]] = defaultdict(dict)
        for belief in self.beliefs:
            before, _ = turns[belief.known_from].get(belief.holding_id, (None, None))
            turns[belief.known_from][belief.holding_id] = before, belief.holder
            if belief.known_to is not None:
                _, after = turns[belief.known_to].get(belief.holding_id, (None, None))
                turns[belief.known_to][belief.holding_id] = belief.holder, after
        return turns

    def at(self, position: int) -> list[Holder]:
        """What was believed at a position: by role, then start, principals first."""
        held = [
            one
            for one in self.beliefs
            if one.known_from <= position and (one.known_to is None or one.known_to > position)
        ]
        held.sort(key=lambda one: (one.holder.role, one.holder.since, one.holder.kind == "acting", one.holding_id))
        return [one.holder for one in held]

    @cached_property
    def positions(self) -> list[int]:
        """The positions at which something was learned, in order."""
        return sorted(self._turns)

    def learned(self, position: int) -> list[Lesson]:
        """What the event at `position` changed; nothing where only the proof grew."""
        return [
            Lesson(before, after)
            for before, after in self._turns.get(position, {}).values()
            if _facts(before) != _facts(after)
        ]

    def changed_answer(self, position: int, effective_at: datetime, role: str | None = None) -> bool:
        """Whether the event at `position` changed who answered for the subject (in a role) at an instant."""
        lessons = [one for one in self.learned(position) if role is None or role in one.roles]
        return _answers((one.before for one in lessons), effective_at) != _answers(
            (one.after for one in lessons), effective_at
        )


def _facts(holder: Holder | None) -> object:
    return holder and (holder.role, holder.person, holder.kind, holder.involvement, holder.since, holder.until)


def _answers(holders: Iterable[Holder | None], at: datetime) -> set[object]:
    return {
        (holder.role, holder.person, holder.kind, holder.involvement)
        for holder in holders
        if holder and holder.since <= at and (holder.until is None or holder.until > at)
    }


def knowledge(views: Views, subject: str) -> Knowledge:
    """All that was ever believed about who answers for a subject, `customer:ID`."""
    rows = views.rows(questions.BELIEFS, {"subject": subject})
    return Knowledge(
        [Belief(row["holding_id"], Holder.model_validate(row), row["known_from"], row["known_to"]) for row in rows]
    )
