"""The rules of survey answers: who served the customer then is pinned."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from aggregates.circumstances import Circumstances
from aggregates.customer.account import Account
from aggregates.fingerprint import Fingerprint, fingerprint
from aggregates.histories import Told
from aggregates.items import Items
from aggregates.refusal import Refused
from aggregates.slices import Slice
from commands.customer.satisfaction import SatisfactionCommand
from events.customer.satisfaction import SatisfactionEvent, Server, SurveyAnswerRecorded
from events.vocabulary.identifiers import SELF, SurveyAnswerId
from events.vocabulary.values import Scale

Answers = Items[SurveyAnswerId, Fingerprint]


def decide(
    command: SatisfactionCommand, mine: Answers, customer: Account, circumstances: Circumstances
) -> list[SatisfactionEvent]:
    """The events that follow from a command; none where there is nothing to do."""
    event = SurveyAnswerRecorded(
        survey_id=command.survey_id,
        answer_id=command.answer_id,
        answered_at=command.answered_at,
        scores=command.scores,
        scale=command.scale,
        about_person=command.about_person,
        served_by=_serving(customer, command.answered_at),
    )
    known = mine.get(command.answer_id)
    if known is not None:
        if known == _said(event):
            return []
        raise Refused("survey.id-taken", "answer_id")
    admit(event, event, customer, circumstances)
    return [event]


def admit(
    event: SatisfactionEvent, _before: SatisfactionEvent, _customer: Account, circumstances: Circumstances
) -> None:
    """Refuse scores that do not fit their scale, and strangers."""
    if not event.scores:
        raise Refused("survey.no-scores", "scores")
    if not event.scale.min < event.scale.max:
        raise Refused("survey.scale-inverted", "scale")
    if any(not event.scale.min <= score <= event.scale.max for score in event.scores.values()):
        raise Refused("survey.score-outside-scale", "scores")
    circumstances.require_person(event.about_person, "about_person")


def settle(
    event: SatisfactionEvent,
    before: SatisfactionEvent,
    _mine: Answers,
    _told: Sequence[Told],
    customer: Account,
    _circumstances: Circumstances,
) -> SatisfactionEvent:
    """The answer with who served when it was given."""
    if event.answered_at == before.answered_at:
        return event
    return event.model_copy(update={"served_by": _serving(customer, event.answered_at)})


def _serving(customer: Account, at: datetime) -> tuple[Server, ...]:
    servers = []
    for assignment in customer.responsibilities.holding(SELF, at):
        role = assignment.original.role
        servers.append(Server(person=assignment.person, role=role, assignment_id=assignment.id, acting=False))
        servers.extend(
            Server(person=delegation.original.to_person, role=role, assignment_id=assignment.id, acting=True)
            for delegation in customer.responsibilities.acting_for(assignment, at)
        )
    return tuple(servers)


def evolve(mine: Answers, event: SatisfactionEvent, _version: int) -> Answers:
    """The answers after an event."""
    return mine.put(event.answer_id, _said(event))


def _said(event: SurveyAnswerRecorded) -> Fingerprint:
    """What the customer said, however its numbers are written, and whoever served then."""
    scores = {code: _plain(score) for code, score in sorted(event.scores.items())}
    scale = Scale(min=_plain(event.scale.min), max=_plain(event.scale.max))
    return fingerprint(event.model_copy(update={"scores": scores, "scale": scale, "served_by": ()}))


def _plain(score: Decimal) -> Decimal:
    """4 for 4.0, 0 for -0."""
    return (score + 0).normalize()


SLICE = Slice("answers", SatisfactionCommand, SatisfactionEvent, decide, evolve, settle=settle, admit=admit)
