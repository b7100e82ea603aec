"""What attribution reads, as SQL over known time: many items, and everybody who held them, in one query each."""

from projections.attribution.holders import ACCOUNT_MANAGER
from projections.responsibility.questions import KNOWN

COMMITMENT_COLUMNS = (
    "commitment_id, customer_id, by_side, due_at, first_due_at, made_at, promised_by, status, ended_at, "
    "reschedules, events"
)
COMPLAINT_COLUMNS = (
    "complaint_id, customer_id, received_at, resolution_due_at, resolved_at, waiting_since, tier, provisional, status, "
    "holders, pauses, events, calendar_version"
)
CONTACT_COLUMNS = "contact_id, customer_id, kind, at, channel, our_attendees, event"
ANSWER_COLUMNS = (
    "answer_id, customer_id, answered_at, scores, scale_min, scale_max, about_person, served_by, event, known_from"
)

HOLDERS = (
    "SELECT subject, role, person, assignment_id, holding_id, kind, involvement, since, until, events "
    f"FROM view_responsibility.holdings WHERE subject = ANY(%(subjects)s::text[]) "
    f"AND (role = '{ACCOUNT_MANAGER}' OR subject NOT LIKE 'customer:%%') AND {KNOWN} "
    "ORDER BY subject, since, holding_id"
)
"""subjects, known → everybody who holds them; of customers, the account managers."""

COMMITMENTS = (
    f"SELECT {COMMITMENT_COLUMNS} FROM view_commitments.commitments "
    f"WHERE commitment_id = ANY(%(ids)s::uuid[]) AND {KNOWN} ORDER BY commitment_id"
)
"""ids, known → commitments."""

COMPLAINTS = (
    f"SELECT {COMPLAINT_COLUMNS} FROM view_complaints.complaints "
    f"WHERE complaint_id = ANY(%(ids)s::uuid[]) AND {KNOWN} ORDER BY complaint_id"
)
"""ids, known → complaints."""

CALENDARS = (
    "SELECT e.edition, e.content -> 'calendar' AS calendar FROM view_policies.editions AS e "
    "WHERE e.policy = 'working-calendar' AND e.edition = ANY(%(editions)s::integer[]) "
    "AND e.known_from <= %(known)s AND (e.known_to IS NULL OR e.known_to > %(known)s)"
)
"""editions, known → those editions of the working calendar."""

CONTACTS = (
    f"SELECT {CONTACT_COLUMNS} FROM view_contacts.contacts "
    f"WHERE contact_id = ANY(%(ids)s::uuid[]) AND kind = %(kind)s AND {KNOWN} ORDER BY contact_id, known_from"
)
"""ids, kind, known → visits or interactions; of two with one id, the one recorded first comes first."""

ANSWERS = (
    f"SELECT {ANSWER_COLUMNS} FROM view_answers.answers "
    f"WHERE answer_id = ANY(%(ids)s::uuid[]) AND {KNOWN} ORDER BY answer_id, known_from"
)
"""ids, known → survey answers; of two with one id, the one recorded first comes first."""
