"""Orders about what the customer says of our service."""

from pydantic import Field

from commands.base import Command, Short
from events.vocabulary.identifiers import PersonId, SurveyAnswerId, SurveyId
from events.vocabulary.values import Code, Instant, Scale, Score


class RecordSurveyAnswer(Command):
    """Record the customer's answer to a survey."""

    survey_id: SurveyId
    """Id of the survey."""
    answer_id: SurveyAnswerId
    """Id of the answer, made by the client."""
    answered_at: Instant
    """When the customer answered."""
    scores: Short[dict[Code, Score]] = Field(examples=[{"service_attitude": 5, "response_speed": 4}])
    """Score by dimension."""
    scale: Scale
    """The scale of the scores."""
    about_person: PersonId | None = None
    """The person the answer is about."""


SatisfactionCommand = RecordSurveyAnswer
