"""What can be asked of customers."""

from projections.lives.leaving import left
from projections.lives.questions import late, lived
from projections.pages import Listing, Order, effective, known

_TIER = (
    "(SELECT t.tier FROM view_customers.tiers AS t WHERE t.customer_id = c.customer_id AND t.since <= %(at)s "
    f"AND {known('t')} ORDER BY t.since DESC, t.known_from DESC LIMIT 1)"
)
"""The tier in force at the instant `at`; at one `since` the later recorded one counts."""

_BY_NAME = {"c.name": "text", "c.customer_id": "uuid"}

CUSTOMERS = Listing(
    columns=(
        "c.customer_id, c.name, c.industry, c.region, c.registered_on, c.reviewed_on, "
        f"{_TIER} AS tier, c.facts, c.events"
    ),
    source="view_customers.customers AS c",
    row="c",
    stream="'customer:' || c.customer_id",
    filters={
        "search": "strpos(lower(c.name), lower(%(search)s)) > 0",
        "industry": "c.industry = %(industry)s",
        "region": "c.region = %(region)s",
        "tier": f"{_TIER} = %(tier)s",
        "holder": (
            "EXISTS (SELECT FROM view_responsibility.holdings AS h WHERE h.person = %(holder)s "
            f"AND h.subject = 'customer:' || c.customer_id AND {effective('h')} AND {known('h')})"
        ),
        "reviewed_before": "(c.reviewed_on IS NULL OR c.reviewed_on < %(reviewed_before)s)",
    },
    orders={"name": Order(_BY_NAME), "-name": Order(_BY_NAME, descending=True)},
)
"""Customers with their tier at the instant `at`; `holder` is a person who holds any role then."""

ONE = CUSTOMERS.one("customer_id")
"""id, at, known → the customer."""

TIERS = (
    "SELECT t.tier_id AS event, t.tier, t.since, t.overridden FROM view_customers.tiers AS t "
    f"WHERE t.customer_id = %(customer)s AND {known('t')} ORDER BY t.since, t.known_from"
)
"""customer, known → every tier given, as it was known."""

_LIVED = f"view_lives.lives AS k WHERE {{mine}} AND k.open AND {effective('k')} AND {known('k')}"

OVERVIEW = (
    "SELECT "
    f"(SELECT count(*) FROM {_LIVED} AND k.kind = 'commitment') AS open_commitments, "
    f"(SELECT count(*) FROM {_LIVED} AND k.kind = 'commitment' AND {late('k')}) AS overdue_commitments, "
    f"(SELECT count(*) FROM {_LIVED} AND k.kind = 'complaint') AS open_complaints, "
    f"(SELECT count(*) FROM {_LIVED} AND k.kind = 'complaint' AND {late('k')}) AS overdue_complaints, "
    f"(SELECT count(*) FROM view_projects.projects AS k WHERE {{mine}} AND {known('k')} "
    f"AND EXISTS (SELECT FROM view_lives.lives AS l WHERE l.open AND {lived('project', 'k.project_id', 'l')}) "
    f"AND NOT EXISTS (SELECT FROM view_lives.lives AS l WHERE l.status = 'accepted' "
    f"AND {lived('acceptance', 'k.project_id', 'l')})) AS running_projects, "
    f"(SELECT max(k.at) FROM view_contacts.contacts AS k WHERE {{mine}} AND {known('k')} "
    "AND k.at <= %(at)s) AS last_contact_at, "
    f"(SELECT max(k.at) FROM view_contacts.contacts AS k WHERE {{mine}} AND {known('k')} "
    "AND k.kind = 'visit' AND k.at <= %(at)s) AS last_visit_at, "
    f"(SELECT max(k.answered_at) FROM view_answers.answers AS k WHERE {{mine}} AND {known('k')} "
    "AND k.answered_at <= %(at)s) AS last_answer_at"
).format(mine="k.customer_id = %(customer)s")
"""customer, at, known → how many commitments, complaints and projects are open, and when there was contact last."""

_NEWEST = str(2**63 - 1)
"""No position comes after it."""

WITH_MANAGER = (
    "SELECT customer_id, name, industry, region, registered_on, tier, manager, "
    f"{left('manager', '%(at)s', _NEWEST)} AS manager_left "
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

NAME = "SELECT name FROM view_customers.customers WHERE customer_id = %(id)s AND known_to IS NULL"
"""id → the customer's name, as known now."""

LIKE = (
    "SELECT customer_id, name FROM view_customers.customers "
    "WHERE known_to IS NULL AND position(lower(%(text)s) IN lower(name)) > 0 "
    "ORDER BY lower(name) <> lower(%(text)s), name LIMIT 10"
)
"""text → up to ten customers whose name has the text in it, the one of just that name first."""
