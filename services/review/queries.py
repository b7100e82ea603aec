"""What the pages ask of the views besides responsibility itself, as believed now."""

from projections.numbers import is_text

CUSTOMERS = (
    "SELECT customer_id, name, industry, region, registered_on, tier, manager "
    "FROM view_customers.customers AS customer "
    "LEFT JOIN LATERAL (SELECT tier FROM view_customers.tiers AS given "
    "WHERE given.customer_id = customer.customer_id AND given.known_to IS NULL AND given.since <= %(at)s "
    "ORDER BY given.since DESC, given.known_from DESC LIMIT 1) AS in_force ON true "
    "LEFT JOIN LATERAL (SELECT person AS manager FROM view_responsibility.holdings AS holding "
    "WHERE holding.subject = 'customer:' || customer.customer_id AND holding.role = 'account_manager' "
    "AND holding.kind = 'principal' AND holding.known_to IS NULL AND holding.since <= %(at)s "
    "AND (holding.until IS NULL OR holding.until > %(at)s) AND holding.involvement IN ('accountable', 'responsible') "
    "ORDER BY holding.involvement, holding.since LIMIT 1) AS manages ON true "
    "WHERE customer.known_to IS NULL AND (%(id)s::uuid IS NULL OR customer_id = %(id)s) "
    "AND (%(text)s = '' OR strpos(lower(name), lower(%(text)s)) > 0) "
    "ORDER BY array_position(ARRAY['vip', 'first', 'second'], tier), name, customer_id "
    "LIMIT %(limit)s OFFSET %(offset)s"
)
"""at, id or none, text, limit, offset → customers whose name has the text in it, with tier and account manager, VIP
first."""

SUBJECTS = (
    "SELECT 'customer:' || customer_id AS subject, 'customer' AS kind, name FROM view_customers.customers "
    "WHERE known_to IS NULL "
    "UNION ALL SELECT 'project:' || project_id, 'project', name FROM view_projects.projects WHERE known_to IS NULL "
    "ORDER BY kind, name, subject LIMIT %(limit)s"
)
"""limit → customers and projects to choose from."""

_ENTRY = (
    "SELECT event_id, position, stream, name, recorded_at, actor, on_behalf_of, reason, trust, batch, source_row, "
    "source_recorded_at, data FROM view_audit.entries"
)
ENTRIES_BY_ID = f"{_ENTRY} WHERE event_id = ANY(%(ids)s) ORDER BY position"
"""ids → entries of the audit trail, oldest first."""

ENTRIES_AT = f"{_ENTRY} WHERE position = ANY(%(positions)s) ORDER BY position"
"""positions → entries of the audit trail, oldest first."""

_OF_STREAM = f"{_ENTRY} WHERE {is_text('stream', '%(stream)s')}"

LATEST_ENTRIES = f"{_OF_STREAM} AND position < %(before)s ORDER BY position DESC LIMIT %(limit)s"
"""stream, before, limit → entries of a stream below a position, newest first."""

FIRST_ENTRY = f"{_OF_STREAM} ORDER BY position LIMIT 1"
"""stream → the entry that the stream began with."""

HANDOVERS = (
    "SELECT handover.handover_id, handover.from_person, handover.to_person, handover.effective_at, handover.status, "
    "handover.events, holding.role FROM view_handovers.handovers AS handover "
    "JOIN LATERAL (SELECT role, subject FROM view_responsibility.holdings "
    "WHERE holding_id = handover.assignment_id ORDER BY known_from LIMIT 1) AS holding ON true "
    "WHERE handover.stream = %(subject)s AND holding.subject = %(subject)s AND handover.known_from <= %(known)s "
    "AND (handover.known_to IS NULL OR handover.known_to > %(known)s) ORDER BY handover.effective_at"
)
"""subject, known → handovers of the roles of a customer or project."""

NAMES = {
    "person": "SELECT name FROM view_people.people WHERE person_id = %(id)s AND known_to IS NULL",
    "customer": "SELECT name FROM view_customers.customers WHERE customer_id = %(id)s AND known_to IS NULL",
    "project": "SELECT name FROM view_projects.projects WHERE project_id = %(id)s AND known_to IS NULL",
    "commitment": "SELECT text AS name FROM view_commitments.commitments "
    "WHERE commitment_id = %(id)s AND known_to IS NULL",
    "complaint": "SELECT content AS name FROM view_complaints.complaints "
    "WHERE complaint_id = %(id)s AND known_to IS NULL",
    "assignment": "SELECT role, person FROM view_responsibility.holdings "
    "WHERE holding_id = %(id)s ORDER BY known_from LIMIT 1",
    "delegation": "SELECT to_person AS person FROM view_responsibility.delegations "
    "WHERE delegation_id = %(id)s ORDER BY known_from LIMIT 1",
    "handover": "SELECT from_person, to_person FROM view_handovers.handovers "
    "WHERE handover_id = %(id)s ORDER BY known_from LIMIT 1",
}
"""Kind of thing → the query that finds what it is called."""
