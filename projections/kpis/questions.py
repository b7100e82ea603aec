"""What the KPIs read, as SQL over known time: each kind of fact in one query for a whole period."""

from projections.attribution.questions import ANSWER_COLUMNS, COMMITMENT_COLUMNS, COMPLAINT_COLUMNS
from projections.responsibility.questions import KNOWN

_MINE = "(%(customers)s::uuid[] IS NULL OR customer_id = ANY(%(customers)s::uuid[]))"

COMMITMENTS = (
    f"SELECT {COMMITMENT_COLUMNS} FROM view_commitments.commitments WHERE commitment_id IN ("
    "SELECT commitment_id FROM view_commitments.commitments WHERE known_from <= %(known)s "
    "AND due_at >= %(since)s AND due_at < %(until)s"
    f") AND {_MINE} AND {KNOWN} ORDER BY commitment_id"
)
"""customers (none: all), since, until, known → promises that are, or were believed to be, due in the period."""

COMPLAINTS = (
    f"SELECT {COMPLAINT_COLUMNS} FROM view_complaints.complaints WHERE complaint_id IN ("
    "SELECT complaint_id FROM view_complaints.complaints WHERE known_from <= %(known)s "
    "AND ((resolution_due_at >= %(since)s AND resolution_due_at < %(until)s) "
    "OR (resolved_at >= %(since)s AND resolved_at < %(until)s))"
    f") AND {_MINE} AND {KNOWN} ORDER BY complaint_id"
)
"""customers (none: all), since, until, known → complaints that are, or were believed to be, due or resolved in it."""

CONTACTS = (
    "SELECT customer_id, at, event FROM view_contacts.contacts "
    f"WHERE channel = %(channel)s AND at >= %(since)s AND at < %(until)s AND {_MINE} AND {KNOWN} ORDER BY at, event"
)
"""customers (none: all), channel, since, until, known → contacts by time."""

ANSWERS = (
    f"SELECT {ANSWER_COLUMNS} FROM view_answers.answers "
    f"WHERE answered_at >= %(since)s AND answered_at < %(until)s AND {_MINE} AND {KNOWN} "
    "ORDER BY answer_id, known_from"
)
"""customers (none: all), since, until, known → survey answers."""

CADENCES = (
    "SELECT edition, since, content, event FROM view_policies.editions "
    f"WHERE policy = 'cadence' AND {KNOWN} ORDER BY edition"
)
"""known → every edition of the cadence."""

MEMBERSHIPS = (
    "SELECT membership_id, person_id, department, since FROM view_people.memberships "
    "WHERE person_id IN (SELECT person_id FROM view_people.memberships WHERE department = %(department)s) "
    f"AND {KNOWN} ORDER BY person_id, since NULLS FIRST, known_from"
)
"""department, known → every membership of those who ever belonged to the department."""
