"""The rows of survey answers: one each, with who served the customer then."""

from collections.abc import Iterable

from events.customer.satisfaction import SurveyAnswerRecorded
from events.recorded import Recorded
from events.vocabulary.identifiers import stream_uuid
from projections.base import Group, Projection, Rows, Table

ANSWERS = Table(
    name="answers",
    key="event",
    group="event",
    columns={
        "answer_id": "uuid NOT NULL",
        "survey_id": "uuid NOT NULL",
        "customer_id": "uuid NOT NULL",
        "answered_at": "timestamptz NOT NULL",
        "scores": "jsonb NOT NULL",
        "scale_min": "numeric NOT NULL",
        "scale_max": "numeric NOT NULL",
        "about_person": "uuid",
        "served_by": "jsonb NOT NULL",
        "event": "uuid NOT NULL",
    },
    extras=(
        "CREATE INDEX {name}_by_id ON {table} (answer_id)",
        "CREATE INDEX {name}_of_customer ON {table} (customer_id, answered_at, answer_id)",
        "CREATE INDEX {name}_of_survey ON {table} (survey_id, answered_at, answer_id)",
        "CREATE INDEX {name}_by_time ON {table} (answered_at, answer_id)",
    ),
    once=True,
)
"""One row per answer, by the event that recorded it; `scores` is dimension → decimal as text, `served_by` a list of
person, role, assignment_id, acting."""


def reads(_recorded: Recorded) -> Iterable[Group]:
    """No row: an answer is written once."""
    return ()


def apply(recorded: Recorded, rows: Rows) -> None:
    """Believe that the customer answered."""
    event = recorded.event
    if not isinstance(event, SurveyAnswerRecorded):
        return
    rows.put(
        ANSWERS,
        {
            "answer_id": event.answer_id,
            "survey_id": event.survey_id,
            "customer_id": stream_uuid(recorded.stream),
            "answered_at": event.answered_at,
            "scores": {dimension: str(score) for dimension, score in event.scores.items()},
            "scale_min": event.scale.min,
            "scale_max": event.scale.max,
            "about_person": event.about_person,
            "served_by": [server.model_dump(mode="json") for server in event.served_by],
            "event": recorded.id,
        },
    )


PROJECTION = Projection("answers", 1, (ANSWERS,), reads, apply, frozenset((SurveyAnswerRecorded,)))
