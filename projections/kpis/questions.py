"""The cases of KPIs as SQL over known time: each with what became of it, in the order in which evidence is listed.

`{mine}` narrows the rows of a table to the customers, or the people's items, that are asked about; `{believed}` are the
items that may have cases in the period. Cases have the columns `place`, an instant of the period that they are listed
by; `item` and `number`, which make their key; `customer_id`; `at`, which decides the customer's tier; `outcome`, which
is the reason where they do not count; and the instants that attribution needs.
"""

from dataclasses import dataclass

from projections.attribution.holders import ACCOUNT_MANAGER
from projections.attribution.questions import ANSWER_COLUMNS
from projections.pages import known
from projections.responsibility.questions import KNOWN


def _within(at: str) -> str:
    return f"{at} >= %(since)s::timestamptz AND {at} < %(until)s::timestamptz"


_NOW = "%(now)s::timestamptz"

_SEEN = f"{_within('d.{at}')} AND d.known_from <= %(known)s AND {{mine}}"

_EACH = (
    f"(SELECT d.{{key}}, min(d.{{at}}) AS {{at}} FROM view_cases.{{table}} AS d WHERE {_SEEN} GROUP BY d.{{key}}) AS d"
)
"""Each item that is, or was ever believed to be, decided within the period, and the first such instant."""

_NEXT = (
    f"(SELECT d.{{key}}, d.{{at}} FROM view_cases.{{table}} AS d WHERE {_SEEN} AND NOT EXISTS "
    f"(SELECT FROM view_cases.{{table}} AS e WHERE e.{{key}} = d.{{key}} AND {_within('e.{at}')} "
    "AND e.known_from <= %(known)s AND (e.{at}, e.{id}) < (d.{at}, d.{id}))) AS d"
)
"""The same, one by one in the order of these instants: for some of many."""

_DUE = {"at": "due_at", "table": "dues", "key": "commitment_id", "id": "due_id", "mine": "{mine}"}
_DECIDED = {"at": "at", "table": "moments", "key": "complaint_id", "id": "moment_id", "mine": "{mine}"}
_BELIEVED = {
    ("commitment_fulfilment", True): _NEXT.format(**_DUE),
    ("commitment_fulfilment", False): _EACH.format(**_DUE),
    ("complaints_resolved_in_time", True): _NEXT.format(**_DECIDED),
    ("complaints_resolved_in_time", False): _EACH.format(**_DECIDED),
}
"""Code, and whether only some are wanted → the items that are or were believed to be decided in the period."""

COMMITMENTS_1 = (
    "SELECT d.due_at AS place, d.commitment_id AS item, 1 AS number, t.customer_id, t.bound_at AS at, "
    "t.bound_at AS due_at, t.made_at, t.ended_at, false AS provisional, "
    "CASE WHEN t.by_side <> 'us' THEN 'customers_own' "
    f"WHEN NOT ({_within('t.bound_at')}) THEN (SELECT CASE WHEN bool_or(o.binding) THEN 'rescheduled' "
    "WHEN count(*) > 0 THEN 'reschedule_not_agreed' ELSE 'corrected' END FROM view_cases.terms AS o "
    f"WHERE o.commitment_id = d.commitment_id AND {_within('o.due_at')} AND {known('o')}) "
    "WHEN t.status = 'waived' THEN 'waived' "
    f"WHEN t.bound_at > {_NOW} THEN 'not_due_yet' "
    "WHEN t.status <> 'fulfilled' THEN 'missed' "
    "WHEN t.ended_at <= t.bound_at THEN 'kept' ELSE 'late' END AS outcome "
    "FROM {believed} JOIN view_cases.terms AS t "
    f"ON t.commitment_id = d.commitment_id AND t.number = 1 AND {known('t')}"
)
"""Promises that are, or were ever believed to be, due in the period; each is due at its last binding due time."""

_TERM = (
    "CASE WHEN d.by_side <> 'us' THEN 'customers_own' "
    "WHEN NOT d.binding THEN 'reschedule_not_agreed' "
    f"WHEN d.opened_at > {_NOW} THEN 'not_yet' "
    f"WHEN d.superseded_at <= least(d.due_at, {_NOW}) THEN 'rescheduled' "
    f"WHEN d.status = 'waived' AND d.ended_at <= least(d.due_at, {_NOW}) THEN 'waived' "
    f"WHEN d.due_at > {_NOW} THEN 'not_due_yet' "
    "WHEN d.status = 'fulfilled' AND d.ended_at <= d.due_at THEN 'kept' "
    # At the very instant it is due a promise is not late.
    f"WHEN d.due_at = {_NOW} THEN 'not_due_yet' "
    f"WHEN d.status = 'waived' AND d.excused AND d.ended_at <= {_NOW} THEN 'excused' "
    f"WHEN d.superseded_at <= {_NOW} THEN 'missed' "
    f"WHEN d.status = 'fulfilled' AND d.ended_at <= {_NOW} THEN 'late' ELSE 'missed' END"
)

_ENDED = f"CASE WHEN {{row}}.ended_at <= {_NOW} THEN {{row}}.ended_at END"

TERMS_2 = (
    "SELECT d.due_at AS place, d.commitment_id AS item, d.number, d.customer_id, d.due_at AS at, d.due_at, d.made_at, "
    f"{_ENDED.format(row='d')} AS ended_at, false AS provisional, {_TERM} AS outcome FROM view_cases.terms AS d "
    f"WHERE {_within('d.due_at')} AND {{mine}} AND {known('d')}"
)
"""Due times of promises in the period, each a case of its own."""

CORRECTED_2 = (
    "SELECT d.due_at AS place, d.commitment_id AS item, d.number, f.customer_id, coalesce(t.due_at, f.bound_at) AS at, "
    f"coalesce(t.due_at, f.bound_at) AS due_at, f.made_at, {_ENDED.format(row='f')} AS ended_at, false AS provisional, "
    "CASE WHEN f.by_side <> 'us' THEN 'customers_own' ELSE 'corrected' END AS outcome "
    "FROM view_cases.dues AS d "
    f"JOIN view_cases.terms AS f ON f.commitment_id = d.commitment_id AND f.number = 1 AND {known('f')} "
    f"LEFT JOIN view_cases.terms AS t ON t.commitment_id = d.commitment_id AND t.number = d.number AND {known('t')} "
    f"WHERE {_within('d.due_at')} AND d.known_to <= %(known)s AND {{mine}} AND ({_within('t.due_at')}) IS NOT true "
    "AND NOT EXISTS (SELECT FROM view_cases.dues AS e WHERE e.commitment_id = d.commitment_id AND e.number = d.number "
    f"AND e.known_to <= %(known)s AND {_within('e.due_at')} "
    "AND (e.due_at, e.known_from) < (d.due_at, d.known_from))"
)
"""Due times that were believed to lie in the period until they were corrected."""


def _complaints(outcome: str, at: str, ended_at: str) -> str:
    return (
        "SELECT place, item, 1 AS number, customer_id, at, due_at, received_at AS made_at, "
        f"{ended_at} AS ended_at, provisional, tier, CASE {outcome} END AS outcome FROM ("
        f"SELECT d.at AS place, d.complaint_id AS item, c.*, {at} AS at FROM {{believed}} "
        f"JOIN view_cases.complaints AS c ON c.complaint_id = d.complaint_id AND {known('c')}) AS c"
    )


COMPLAINTS_1 = _complaints(
    f"WHEN NOT ({_within('at')}) THEN 'other_period' "
    "WHEN resolved_at <= due_at THEN 'in_time' WHEN resolved_at > due_at THEN 'late' "
    "WHEN waiting_since < due_at THEN 'waiting_on_customer' "
    f"WHEN due_at <= {_NOW} THEN 'overdue' ELSE 'not_due_yet'",
    "least(c.due_at, c.resolved_at)",
    "resolved_at",
)
"""Complaints that were, or were ever believed to be, due or resolved in the period, whichever came first."""

_RESOLVED = f"CASE WHEN {{row}}resolved_at <= {_NOW} THEN {{row}}resolved_at END"

COMPLAINTS_2 = _complaints(
    f"WHEN received_at > {_NOW} THEN 'not_yet' WHEN NOT ({_within('at')}) THEN 'other_period' "
    f"WHEN resolved_at <= least(due_at, {_NOW}) THEN 'in_time' WHEN resolved_at <= {_NOW} THEN 'late' "
    f"WHEN waiting_since < due_at AND waiting_since <= {_NOW} THEN 'waiting_on_customer' "
    f"WHEN due_at < {_NOW} THEN 'overdue' ELSE 'not_due_yet'",
    f"least(c.due_at, {_RESOLVED.format(row='c.')})",
    _RESOLVED.format(row=""),
)
"""The same; what is dated later than now has not happened, and at the very instant it is due nothing is overdue."""

_OF_ANSWERS = (
    f"SELECT d.answered_at AS place, d.answer_id AS item, d.known_from AS number, d.answered_at AS at, "
    f"{ANSWER_COLUMNS}, {{outcome}} AS outcome, false AS provisional, "
    # Not EXISTS: the planner would read all answers of the period for the first page of them.
    "(SELECT true FROM view_answers.answers AS e WHERE e.answer_id = d.answer_id AND e.known_from < d.known_from "
    f"AND {_within('e.answered_at')} LIMIT 1) IS NOT NULL AS again FROM view_answers.answers AS d "
    f"WHERE {_within('d.answered_at')} AND {{{{mine}}}} AND {known('d')}"
)
ANSWERS_1 = _OF_ANSWERS.format(outcome="'answered'")
"""Survey answers given in the period; `again`: another one with its id was recorded before."""
ANSWERS_2 = _OF_ANSWERS.format(outcome=f"CASE WHEN d.answered_at > {_NOW} THEN 'not_yet' ELSE 'answered' END")
"""The same; one that is dated later than now is not yet given."""

CASES = {
    ("commitment_fulfilment", 1): (COMMITMENTS_1,),
    ("commitment_fulfilment", 2): (TERMS_2, CORRECTED_2),
    ("complaints_resolved_in_time", 1): (COMPLAINTS_1,),
    ("complaints_resolved_in_time", 2): (COMPLAINTS_2,),
    ("satisfaction", 1): (ANSWERS_1,),
    ("satisfaction", 2): (ANSWERS_2,),
}
"""Code and version → the cases, maybe from several places. They take since, until, now and known."""

_ITEM = {"commitment_fulfilment": "commitment_id", "complaints_resolved_in_time": "complaint_id"}

_TIERS = (
    "(SELECT customer_id, tier, tier_id, since, "
    "lead(since) OVER (PARTITION BY customer_id ORDER BY since, known_from) AS until "
    f"FROM view_customers.tiers WHERE {KNOWN})"
)
"""The tiers of customers, each until the next."""


@dataclass(frozen=True, slots=True)
class Narrowed:
    """The cases of a KPI in a period, as far as a scope has them."""

    code: str
    version: int
    customers: bool = False
    """Of the customers `customers` alone."""
    people: bool = False
    """Of what people may be charged with: `customers`, and `items` of the KPI's own kind."""
    tier: bool = False
    """Of the tier `tier`."""

    def _parts(self, *, some: bool = False) -> list[str]:
        """The cases as far as the scope has them, from each place; `some`: only a few of them are wanted."""
        mine = "true"
        if self.customers or self.people:
            mine = "d.customer_id = ANY(%(customers)s::uuid[])"
        if self.people and self.code in _ITEM:
            mine = f"({mine} OR d.{_ITEM[self.code]} = ANY(%(items)s::uuid[]))"
        believed = _BELIEVED.get((self.code, some), "").format(mine=mine)
        return [self._in_tier(one.format(mine=mine, believed=believed)) for one in CASES[self.code, self.version]]

    def _in_tier(self, cases: str) -> str:
        if not self.tier:
            return f"SELECT *, NULL::uuid AS tier_id FROM ({cases}) AS cases"
        if self.code == "complaints_resolved_in_time":
            return f"SELECT *, NULL::uuid AS tier_id FROM ({cases}) AS cases WHERE tier = %(tier)s"
        return (
            f"SELECT cases.*, tiers.tier_id FROM ({cases}) AS cases JOIN {_TIERS} AS tiers "
            "ON tiers.customer_id = cases.customer_id AND tiers.tier = %(tier)s AND cases.at >= tiers.since "
            "AND (tiers.until IS NULL OR cases.at < tiers.until)"
        )

    @property
    def counted(self) -> str:
        """How many cases there are of each outcome, and whether one is provisional."""
        return (
            "SELECT outcome, count(*) AS cases, bool_or(provisional) AS provisional "
            f"FROM ({' UNION ALL '.join(self._parts())}) AS cases GROUP BY outcome"
        )

    @property
    def scored(self) -> str:
        """The sums of scores of answers by scale, number of dimensions, and dimension."""
        return (
            "SELECT scale_min, scale_max, dimensions, dimension, sum(score::numeric) AS score, count(*) AS answers "
            f"FROM ({' UNION ALL '.join(self._parts())}) AS cases, LATERAL (SELECT key AS dimension, value AS score, "
            "count(*) OVER () AS dimensions FROM jsonb_each_text(scores)) AS given "
            "WHERE outcome = 'answered' GROUP BY scale_min, scale_max, dimensions, dimension"
        )

    def listed(self, *, some: bool, resumed: bool) -> str:
        """At most `limit` cases in order; `resumed`: from that with `place`, `item` and `number` on."""
        on = "WHERE (place, item, number) >= (%(place)s::timestamptz, %(item)s::uuid, %(number)s::bigint) "
        order = "ORDER BY place, item, number LIMIT %(limit)s"
        parts = [f"(SELECT * FROM ({part}) AS part {on if resumed else ''}{order})" for part in self._parts(some=some)]
        return f"SELECT * FROM ({' UNION ALL '.join(parts)}) AS cases {order}"


EVENTS = {
    "commitment_fulfilment": (
        f"SELECT commitment_id AS item, events FROM view_commitments.commitments "
        f"WHERE commitment_id = ANY(%(ids)s::uuid[]) AND {KNOWN}"
    ),
    "complaints_resolved_in_time": (
        f"SELECT complaint_id AS item, events FROM view_complaints.complaints "
        f"WHERE complaint_id = ANY(%(ids)s::uuid[]) AND {KNOWN}"
    ),
}
"""ids, known → the events that promises or complaints come from."""

EVER_HELD = (
    "SELECT DISTINCT subject FROM view_responsibility.holdings WHERE person = ANY(%(people)s::uuid[]) "
    f"AND known_from <= %(known)s AND (role = '{ACCOUNT_MANAGER}' OR subject NOT LIKE 'customer:%%')"
)
"""people, known → everything that they were ever believed to hold, and may be charged with."""

EVER_HANDED = (
    "SELECT DISTINCT id AS complaint_id FROM view_handed.handed "
    "WHERE kind = 'complaint' AND person = ANY(%(people)s::uuid[]) AND known_from <= %(known)s"
)
"""people, known → the complaints that were ever handed to them."""

CONTACTS = (
    "SELECT customer_id, at, event FROM view_contacts.contacts "
    "WHERE channel = %(channel)s AND at >= %(since)s AND at < %(until)s "
    f"AND customer_id = ANY(%(customers)s::uuid[]) AND {KNOWN} ORDER BY at, event"
)
"""customers, channel, since, until, known → contacts by time."""

_STRETCH = "width_bucket({at}, %(starts)s::timestamptz[])"
_FROM_ON = _STRETCH.format(at="{at} - interval '1 microsecond'") + " + 1"
"""The number of the first stretch that begins at an instant or later."""

_LIVES = (
    "lives AS (SELECT c.customer_id, "
    # The first stretch that ends after the registration, and the first one that begins with it or later.
    "coalesce(width_bucket(c.registered_on, %(afters)s::date[]) + 1, 1) AS registered, "
    "coalesce(width_bucket(c.registered_on - 1, %(firsts)s::date[]) + 1, 1) AS whole, "
    f"coalesce({_FROM_ON.format(at='h.since')}, %(stretches)s::integer + 1) AS held "
    "FROM view_customers.customers AS c "
    "LEFT JOIN (SELECT subject, min(since) AS since FROM view_responsibility.holdings "
    f"WHERE role = '{ACCOUNT_MANAGER}' AND kind = 'principal' AND involvement IN ('accountable', 'responsible') "
    f"AND {KNOWN} GROUP BY subject) AS h ON h.subject = 'customer:' || c.customer_id WHERE {known('c')})"
)
_PARTS = (
    f"tiers AS MATERIALIZED (SELECT customer_id, tier, {_FROM_ON.format(at='since')} AS begins, "
    f"coalesce({_FROM_ON.format(at='until')}, %(stretches)s::integer + 1) AS ends FROM {_TIERS} AS tiers), "
    "parts AS (SELECT * FROM tiers UNION ALL SELECT l.customer_id, NULL, 1, "
    "coalesce(t.begins, %(stretches)s::integer + 1) FROM lives AS l LEFT JOIN "
    "(SELECT customer_id, min(begins) AS begins FROM tiers GROUP BY customer_id) AS t ON t.customer_id = l.customer_id)"
)
_PART = "p.begins < p.ends AND (%(tier)s::text IS NULL OR p.tier = %(tier)s)"

TALLY = (
    f"WITH {_LIVES}, {_PARTS}, "
    "needs AS (SELECT tier, (%(required)s::integer[])[(number - 1) * %(stretches)s::integer + 1 : "
    "number * %(stretches)s::integer] AS contacts FROM unnest(%(tiers)s::text[]) WITH ORDINALITY AS n (tier, number)), "
    "asked AS MATERIALIZED (SELECT p.*, l.registered, l.whole, l.held, n.contacts FROM parts AS p "
    "JOIN lives AS l ON l.customer_id = p.customer_id "
    "JOIN needs AS n ON n.tier = CASE WHEN p.tier = ANY(%(tiers)s::text[]) THEN p.tier ELSE '' END "
    f"WHERE {_PART}), "
    f"made AS (SELECT customer_id, {_STRETCH.format(at='at')} AS stretch, count(*) AS contacts "
    "FROM view_contacts.contacts WHERE channel = %(channel)s AND at >= %(since)s AND at < %(until)s "
    f"AND {KNOWN} GROUP BY 1, 2) "
    "SELECT false AS met, tier, begins, ends, registered, whole, held, count(*) AS cases "
    "FROM asked GROUP BY 2, 3, 4, 5, 6, 7 "
    "UNION ALL SELECT true, NULL, 0, 0, 0, 0, 0, count(*) FROM made AS m JOIN asked AS a "
    "ON a.customer_id = m.customer_id AND m.stretch >= greatest(a.begins, a.whole, a.held) AND m.stretch < a.ends "
    "AND m.contacts >= a.contacts[m.stretch]"
)
"""The starts, first days and days after of months or weeks, and how many there are; how many contacts of a channel
tiers need in each of them (null: it does not count; an empty text is any other tier); tier (none: all), since, until,
known → how many customers there are that were registered, wholly registered, and held since the same of them, and in a
tier over the same of them, numbered from 1; and last, how often there were contacts enough."""

CUSTOMERS = (
    "SELECT customer_id, registered_on, events FROM view_customers.customers AS c "
    "WHERE (%(customers)s::uuid[] IS NULL OR c.customer_id = ANY(%(customers)s::uuid[])) "
    "AND c.customer_id >= %(first)s "
    f"AND {known('c')} AND (%(tier)s::text IS NULL OR EXISTS (SELECT FROM view_customers.tiers AS t "
    f"WHERE t.customer_id = c.customer_id AND t.tier = %(tier)s AND {known('t')})) "
    "ORDER BY c.customer_id LIMIT %(limit)s"
)
"""customers (none: all), tier (none: all), first, known, limit → registered customers in order, ever of that tier."""

TIERS = (
    "SELECT customer_id, tier_id, tier, since FROM view_customers.tiers "
    f"WHERE customer_id = ANY(%(customers)s::uuid[]) AND {KNOWN} ORDER BY customer_id, since, known_from"
)
"""customers, known → their tiers, in the order of `tier_at`."""

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

MEMBERS = (
    "SELECT DISTINCT person_id FROM view_people.memberships "
    "WHERE department = %(department)s AND known_from <= %(known)s"
)
"""department, known → those who were ever believed to belong to it."""
