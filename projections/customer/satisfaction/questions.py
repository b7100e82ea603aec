"""What can be asked of survey answers."""

from projections.pages import Listing, Order

_BY_TIME = {"a.answered_at": "timestamptz", "a.answer_id": "uuid", "a.event": "uuid"}

ANSWERS = Listing(
    columns=(
        "a.answer_id, a.survey_id, a.customer_id, a.answered_at, a.scores, a.scale_min, a.scale_max, a.about_person, "
        "a.served_by, a.event"
    ),
    source="view_answers.answers AS a",
    row="a",
    stream="'customer:' || a.customer_id",
    filters={
        "customer": "a.customer_id = %(customer)s",
        "survey": "a.survey_id = %(survey)s",
        "about_person": "a.about_person = %(about_person)s",
        "from": "a.answered_at >= %(from)s",
        "to": "a.answered_at < %(to)s",
    },
    orders={"-answered_at": Order(_BY_TIME, descending=True), "answered_at": Order(_BY_TIME)},
)
"""Survey answers, the newest first."""
