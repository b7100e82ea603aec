"""What can be asked of lives: what an item was at the instant `at`, as it was known at the position `known`."""

from projections.attribution.holders import ACCOUNT_MANAGER
from projections.handed import ever_handed_to, handed_to
from projections.holders import layers_of
from projections.pages import Listing, Order, effective, known


def lived(kind: str, identifier: str, life: str) -> str:
    """The condition for the row `life` that says what the item of a kind, `identifier` as SQL, was then."""
    return f"{life}.id = {identifier} AND {life}.kind = '{kind}' AND {effective(life)} AND {known(life)}"


def late(life: str) -> str:
    """Whether an item is late: open, and due before `at`; at the very instant it is due, not yet late."""
    return f"({life}.open AND coalesce({life}.due_at < %(at)s, false))"


def pending(life: str) -> str:
    """Whether an item was open at the instant `at` and somebody was to do something about it.

    An index finds those at a point of effective and known time, however many were open at others.
    """
    return (
        f"({life}.open AND {life}.since IS NOT NULL AND ({life}.due_at IS NOT NULL OR {life}.kind = 'handover') "
        f"AND tstzrange({life}.since, {life}.until) @> %(at)s::timestamptz "
        f"AND int8range({life}.known_from, {life}.known_to) @> %(known)s::bigint)"
    )


def pending_late(life: str) -> str:
    """Whether an item is late, by the same index."""
    return f"({pending(life)} AND {life}.due_at < %(at)s)"


_SUBJECT = (
    "CASE l.kind WHEN 'first-response' THEN 'complaint:' WHEN 'acceptance' THEN 'project:' ELSE l.kind || ':' END "
    "|| l.id"
)
_HANDED = handed_to("CASE l.kind WHEN 'first-response' THEN 'complaint' ELSE l.kind END", "l.id")
_PROPOSED_TO = (
    "(SELECT ARRAY[o.to_person] FROM view_handovers.handovers AS o "
    f"WHERE l.kind = 'handover' AND o.handover_id = l.id AND {known('o')})"
)
_ITEM = layers_of(f"h.subject = {_SUBJECT} AND (l.stream NOT LIKE 'project:%%' OR h.role = 'project_manager')")
_MANAGER = layers_of(f"h.subject = 'customer:' || l.customer_id AND h.role = '{ACCOUNT_MANAGER}'")
HOLDERS = f"coalesce({_PROPOSED_TO}, {_ITEM}, {_HANDED}, {_MANAGER}, '{{}}'::uuid[])"
"""Who holds an item at the instant `at`: whom it is proposed to; whoever is responsible for it; whom it was handed to;
the account manager of its customer."""


def _mine(condition: str) -> str:
    return (
        "ARRAY(SELECT split_part(h.subject, ':', 2)::uuid FROM view_responsibility.holdings AS h "
        f"WHERE h.person = %(holder)s AND {condition} AND h.kind = 'principal' AND {effective('h')} AND {known('h')})"
    )


_OF_MANAGER = f"h.role = '{ACCOUNT_MANAGER}'"

HELD_BY = (
    f"(l.id = ANY({_mine('true')}) OR l.customer_id = ANY({_mine(_OF_MANAGER)}) "
    f"OR {ever_handed_to('l.id')} "
    "OR l.id = ANY(ARRAY(SELECT o.handover_id FROM view_handovers.handovers AS o "
    f"WHERE o.to_person = %(holder)s AND {known('o')}))) AND %(holder)s = ANY({HOLDERS})"
)
"""The condition for items that the person `holder` holds; holders, several look-ups each, only of those that it may."""

_BY_TIME = {"l.since": "timestamptz", "l.id": "uuid", "l.kind": "text"}
_COLUMNS = (
    "l.kind, l.id, l.stream, l.customer_id, l.status, l.open, l.due_at, l.since, l.until, l.events, "
    f"{late('l')} AS late, {HOLDERS} AS holders"
)

LIVES = Listing(
    columns=_COLUMNS,
    source="view_lives.lives AS l",
    row="l",
    stream="l.stream",
    filters={
        "at": effective("l"),
        "id": "l.id = %(id)s",
        "kind": "l.kind = %(kind)s",
        "status": "l.status = %(status)s",
        "open": "l.open = %(open)s",
        "late": f"{late('l')} = %(late)s",
        "customer": "l.customer_id = %(customer)s",
        "holder": HELD_BY,
    },
    orders={"-since": Order(_BY_TIME, descending=True), "since": Order(_BY_TIME)},
    found={"late": pending_late("l")},
)
"""Items of every kind as they were, and whoever held them, at the instant `at`, which is always given as a filter."""

_DUE = "coalesce(l.due_at, o.effective_at)"
_BY_DUE = {"d.due": "timestamptz", "l.id": "uuid", "l.kind": "text"}
_IN_TEAM = (
    f"EXISTS (SELECT FROM unnest({HOLDERS}) AS holding (person) CROSS JOIN LATERAL (SELECT m.department "
    "FROM view_people.memberships AS m WHERE m.person_id = holding.person "
    f"AND (m.since IS NULL OR m.since <= %(at)s) AND {known('m')} ORDER BY m.since DESC NULLS LAST, m.known_from DESC "
    "LIMIT 1) AS m WHERE m.department = %(team)s)"
)

AGENDA = Listing(
    columns=(
        f"{_COLUMNS}, d.due, "
        f"CASE WHEN l.kind = 'handover' THEN 'waiting' WHEN {late('l')} THEN 'overdue' ELSE 'due' END AS why"
    ),
    source=(
        "view_lives.lives AS l "
        f"LEFT JOIN view_handovers.handovers AS o ON l.kind = 'handover' AND o.handover_id = l.id AND {known('o')} "
        f"CROSS JOIN LATERAL (SELECT {_DUE} AS due) AS d"
    ),
    row="l",
    stream="l.stream",
    filters={
        "at": pending("l"),
        "until": "d.due < %(until)s",
        "kind": "l.kind = %(kind)s",
        "customer": "l.customer_id = %(customer)s",
        "holder": HELD_BY,
        "team": _IN_TEAM,
    },
    orders={"due": Order(_BY_DUE)},
)
"""What is open at the instant `at` and due before `until`, and the handovers that nobody has answered, which are due
when they take effect; `team` is a department that one of the holders belongs to."""

PARTS = (
    "SELECT l.kind, l.status, l.open, l.due_at, l.since, l.until FROM view_lives.lives AS l "
    f"WHERE l.id = %(id)s AND l.kind = ANY(%(kinds)s) AND l.since IS NOT NULL AND {known('l')} ORDER BY l.since"
)
"""id, kinds, known → the parts of the lives of one item, in order."""

LIVED = (
    "SELECT l.kind, l.id, l.customer_id, l.status, l.open, l.due_at, l.since, l.until, l.events "
    "FROM view_lives.lives AS l WHERE l.id = ANY(%(ids)s::uuid[]) AND l.kind = %(kind)s AND l.since IS NOT NULL "
    f"AND {known('l')} ORDER BY l.id, l.since"
)
"""ids, kind, known → the parts of the lives of items, in order."""

OPEN_SPANS = (
    "SELECT l.kind, l.id, l.since, l.until FROM view_lives.lives AS l "
    "WHERE l.customer_id = ANY(%(customers)s::uuid[]) AND l.kind = ANY(%(kinds)s) AND l.open "
    f"AND l.since < %(until)s AND (l.until IS NULL OR l.until > %(since)s) AND {known('l')} ORDER BY l.since, l.id"
)
"""customers, kinds, since, until, known → over which time which items were open."""

LEFT = (
    "SELECT l.id AS person, l.since, l.until, l.events FROM view_lives.lives AS l "
    f"WHERE l.id = ANY(%(persons)s::uuid[]) AND l.kind = 'person' AND l.status = 'left' AND {known('l')} "
    "ORDER BY l.since"
)
"""persons, known → over which time who of them had left."""

_BY_LEAVER = {"h.person": "uuid", "h.holding_id": "uuid"}

LEAVERS = Listing(
    columns=(
        "h.subject, h.role, h.person, h.assignment_id, h.holding_id, h.kind, h.involvement, h.since, h.until, "
        "h.events, true AS left, l.since AS left_since, l.events AS left_events"
    ),
    source=(
        "view_lives.lives AS l JOIN view_responsibility.holdings AS h ON h.person = l.id AND l.kind = 'person' "
        f"AND l.status = 'left' AND {effective('l')} AND {known('l')} AND {effective('h')}"
    ),
    row="h",
    filters={"person": "h.person = %(person)s", "subject": "h.subject = %(subject)s"},
    orders={"person": Order(_BY_LEAVER)},
)
"""What is held at the instant `at` by people who have left by then."""


def _passing(after: str = "") -> str:
    return (
        "SELECT DISTINCT l.due_at, l.kind, l.id, l.stream FROM view_lives.lives AS l "
        "WHERE l.known_to IS NULL AND l.open AND NOT l.noted AND (l.until IS NULL OR l.due_at < l.until) "
        "AND l.due_at <= %(now)s AND l.kind = ANY(%(kinds)s) "
        f"{after}ORDER BY l.due_at, l.kind, l.id LIMIT %(limit)s"
    )


PASSING = _passing()
"""kinds, now, limit → items that were open when they reached their due time, which is not yet recorded, the earliest
first; one that ended late before anybody looked is among them."""

PASSING_LATER = _passing("AND (l.due_at, l.kind, l.id) > (%(due_at)s, %(kind)s, %(id)s) ")
"""The same and the last row of the page before → the next page."""
