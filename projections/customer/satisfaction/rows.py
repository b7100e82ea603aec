"""The rows of survey answers: one each, with who served the customer then."""

from collections.abc import Iterable

from events.customer.satisfaction import SurveyAnswerRecorded
from events.recorded import Recorded
from events.vocabulary.identifiers import event_bytes, stream_uuid
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
    if recorded.kind is not SurveyAnswerRecorded:
        return
    data = recorded.data
    rows.enter(
        ANSWERS,
        (
            data["answer_id"],
            data["survey_id"],
            stream_uuid(recorded.stream),
            data["answered_at"],
            {dimension: str(score) for dimension, score in data["scores"].items()},
            data["scale"]["min"],
            data["scale"]["max"],
            data["about_person"],
            data["served_by"],
            event_bytes(recorded.stream, recorded.version),
        ),
    )


PROJECTION = Projection("answers", 2, (ANSWERS,), reads, apply, frozenset((SurveyAnswerRecorded,)))
