"""What coverage reads, as SQL over known time."""

from projections.attribution.holders import ACCOUNT_MANAGER
from projections.pages import known
from projections.responsibility.questions import KNOWN

CUSTOMERS = (
    "SELECT customer_id, name, registered_on, events FROM view_customers.customers "
    f"WHERE (%(customers)s::uuid[] IS NULL OR customer_id = ANY(%(customers)s::uuid[])) AND {KNOWN} "
    "ORDER BY customer_id"
)
"""customers (none: all), known → the registered customers."""

UNCOVERED = (
    "SELECT c.customer_id, c.name, c.registered_on, c.events FROM view_customers.customers AS c LEFT JOIN "
    "(SELECT p.subject, range_agg(tstzrange(p.since, greatest(p.since, least(p.until, gone.since)))) AS held "
    "FROM view_responsibility.holdings AS p LEFT JOIN view_lives.lives AS gone ON gone.id = p.person "
    f"AND gone.kind = 'person' AND gone.status = 'left' AND {known('gone')} "
    f"WHERE p.role = '{ACCOUNT_MANAGER}' AND p.kind = 'principal' AND p.involvement = 'accountable' "
    f"AND p.since < %(until)s AND {known('p')} GROUP BY p.subject) AS h ON h.subject = 'customer:' || c.customer_id "
    "WHERE (%(customers)s::uuid[] IS NULL OR c.customer_id = ANY(%(customers)s::uuid[])) "
    f"AND {known('c')} AND (h.held @> tstzrange(%(since)s, %(until)s)) IS NOT true ORDER BY c.customer_id"
)
"""customers (none: all), since, until, known → the customers that, as far as can be told at once, had not all the time
an accountable account manager who had not left."""

TIERS = (
    "SELECT customer_id, tier_id, tier, since FROM view_customers.tiers "
    f"WHERE (%(customers)s::uuid[] IS NULL OR customer_id = ANY(%(customers)s::uuid[])) AND {KNOWN} "
    "ORDER BY customer_id, since, known_from"
)
"""customers (none: all), known → their tiers, in the order of `tier_at`."""

PRINCIPALS = (
    "SELECT subject, role, person, assignment_id, kind, involvement, since, until, events "
    "FROM view_responsibility.holdings WHERE stream LIKE 'customer:%%' AND subject = stream "
    "AND kind = 'principal' AND involvement = 'accountable' AND since < %(until)s "
    "AND (%(role)s::text IS NULL OR role = %(role)s) "
    "AND (%(subjects)s::text[] IS NULL OR subject = ANY(%(subjects)s::text[])) "
    f"AND {KNOWN} ORDER BY subject, role, since, holding_id"
)
"""until, role and subjects (none: all), known → who is accountable for customers, from any time before `until`."""

NEWEST_CALENDAR = (
    "SELECT edition, content -> 'calendar' AS calendar, event FROM view_policies.editions "
    f"WHERE policy = 'working-calendar' AND {KNOWN} ORDER BY edition DESC LIMIT 1"
)
"""known → the working calendar."""
