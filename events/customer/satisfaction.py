"""What the customer says of our service."""

from events.base import Event
from events.vocabulary.identifiers import AssignmentId, PersonId, SurveyAnswerId, SurveyId
from events.vocabulary.items import SURVEY_ANSWER
from events.vocabulary.values import Code, Instant, Scale, Score, Value


class Server(Value):
    """Who held which role for the customer when the answer was given."""

    person: PersonId
    role: Code
    assignment_id: AssignmentId
    acting: bool


class SurveyAnswerRecorded(
    Event, name="customer.survey-answer-recorded", opens=SURVEY_ANSWER, occurs="answered_at", derived=("served_by",)
):
    """The customer answered a survey; who served it then is pinned."""

    survey_id: SurveyId
    answer_id: SurveyAnswerId
    answered_at: Instant
    scores: dict[Code, Score]
    scale: Scale
    about_person: PersonId | None
    served_by: tuple[Server, ...]


SatisfactionEvent = SurveyAnswerRecorded
