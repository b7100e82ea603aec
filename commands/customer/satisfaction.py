"""Orders about what the customer says of our service."""

from commands.base import Command
from events.vocabulary.identifiers import PersonId, SurveyAnswerId, SurveyId
from events.vocabulary.values import Code, Instant, Scale, Score


class RecordSurveyAnswer(Command):
    """Record the customer's answer to a survey."""

    survey_id: SurveyId
    answer_id: SurveyAnswerId
    answered_at: Instant
    scores: dict[Code, Score]
    scale: Scale
    about_person: PersonId | None = None


SatisfactionCommand = RecordSurveyAnswer
