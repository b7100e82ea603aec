"""The rules of survey answers: who served the customer then is pinned."""

from decimal import Decimal

from aggregates.changing import replace
from aggregates.circumstances import Circumstances
from aggregates.customer.state import Customer
from aggregates.fingerprint import Fingerprint, fingerprint
from aggregates.refusal import Refused
from commands.customer.satisfaction import SatisfactionCommand
from events.catalogue import AnyEvent
from events.customer.satisfaction import SatisfactionEvent, Server, SurveyAnswerRecorded
from events.vocabulary.identifiers import SELF
from events.vocabulary.values import Scale


def decide(command: SatisfactionCommand, state: Customer, circumstances: Circumstances) -> list[AnyEvent]:
    """The events that follow from a command; none where there is nothing to do."""
    event = SurveyAnswerRecorded(
        survey_id=command.survey_id,
        answer_id=command.answer_id,
        answered_at=command.answered_at,
        scores=command.scores,
        scale=command.scale,
        about_person=command.about_person,
        served_by=_serving(state, command),
    )
    known = state.answers.get(command.answer_id)
    if known is not None:
        if known == _said(event):
            return []
        raise Refused("survey.id-taken", "answer_id")
    if not command.scores:
        raise Refused("survey.no-scores", "scores")
    if not command.scale.min < command.scale.max:
        raise Refused("survey.scale-inverted", "scale")
    if any(not command.scale.min <= score <= command.scale.max for score in command.scores.values()):
        raise Refused("survey.score-outside-scale", "scores")
    circumstances.require_person(command.about_person, "about_person")
    return [event]


def _serving(state: Customer, command: SatisfactionCommand) -> tuple[Server, ...]:
    servers = []
    for assignment in state.responsibilities.holding(SELF, command.answered_at):
        role = assignment.original.role
        servers.append(Server(person=assignment.person, role=role, assignment_id=assignment.id, acting=False))
        servers.extend(
            Server(person=delegation.original.to_person, role=role, assignment_id=assignment.id, acting=True)
            for delegation in state.responsibilities.acting_for(assignment, command.answered_at)
        )
    return tuple(servers)


def evolve(state: Customer, event: SatisfactionEvent) -> Customer:
    """The state after an event."""
    return replace(state, version=state.version + 1, answers=state.answers.put(event.answer_id, _said(event)))


def _said(event: SurveyAnswerRecorded) -> Fingerprint:
    """What the customer said, however its numbers are written, and whoever served then."""
    scores = {code: _plain(score) for code, score in sorted(event.scores.items())}
    scale = Scale(min=_plain(event.scale.min), max=_plain(event.scale.max))
    return fingerprint(event.model_copy(update={"scores": scores, "scale": scale, "served_by": ()}))


def _plain(score: Decimal) -> Decimal:
    """4 for 4.0, 0 for -0."""
    return (score + 0).normalize()
