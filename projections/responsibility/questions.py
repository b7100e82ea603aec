"""What can be asked of responsibility, as SQL over effective and known time."""

from projections.lives.leaving import left
from projections.pages import Listing, Order, effective

KNOWN = "known_from <= %(known)s AND (known_to IS NULL OR known_to > %(known)s)"
"""Rows as they were believed at position `known`."""

EFFECTIVE = "since <= %(at)s AND (until IS NULL OR until > %(at)s)"
"""Rows that hold at the instant `at`."""

BELIEVED = "known_to IS NULL AND (until IS NULL OR since < until)"
"""Rows believed now. Of those with one slot at most one holds at an instant: the last that began by then, if any."""

ONCE_OPEN = "known_from < known_to AND until IS NULL"
"""Rows believed no more that had no end. Of those with one slot at most one was believed at a position: the last."""

OTHER = "slot <> post OR (known_to IS NOT NULL AND until IS NOT NULL)"
"""Rows that neither of these two finds for certain: where several may hold a role, delegates, and corrected ends."""

_COLUMNS = "subject, role, person, assignment_id, holding_id, kind, involvement, since, until, events"

_HELD = "person, assignment_id, kind, involvement, since, until, events"

_BOTH = "projection IN ('responsibility', 'lives')"
_REACHED = f"(SELECT min(position) AS position FROM zeren.checkpoint WHERE {_BOTH}) AS reached"
"""The position up to which both is known: who holds what, and who has left."""


def holders(subject: str, role: str, at: str, known: str) -> str:
    """The holders of a role, of all roles where it is null; each argument is an SQL expression, in the types above.

    It goes by the exclusion constraint's index, which finds what holds at a point of effective and known time however
    many intervals the subject has. `IS NOT DISTINCT FROM` keeps the planner from the ordered index, which walks through
    every interval that began before.
    """
    number = f"hashtextextended({subject}, 0) >> 2"
    return (
        f"SELECT {_COLUMNS} FROM view_responsibility.holdings "
        "WHERE int8range(hashtextextended(subject, 0) >> 2, hashtextextended(subject, 0) >> 2, '[]') @> "
        f"({number}) AND tstzrange(since, until) @> {at} AND int8range(known_from, known_to) @> {known} "
        f"AND subject IS NOT DISTINCT FROM {subject} AND ({role} IS NULL OR role = {role})"
    )


def answer(known: str) -> str:
    """The views' position, the known position, a null, and the holders as known at it.

    `$1` is the subject, `$2` the role, null for all, and `$3` the instant.

    One row with nulls where nobody holds anything. `known` is an SQL expression that may name `reached.position`.
    """
    return (
        # Kept as one value each: joined to, they could become a filter over every row that held at the instant.
        f"WITH asked AS MATERIALIZED (SELECT reached.position, {known} AS known FROM {_REACHED}) "
        f"SELECT asked.position, asked.known, NULL::boolean, {_HELD}, "
        f"{left('person', '$3::timestamptz', 'asked.known')}, role, holding_id FROM asked "
        f"LEFT JOIN ({holders('$1::text', '$2::text', '$3::timestamptz', '(SELECT known FROM asked)')}) AS held ON true"
    )


def answer_of_post(known: str, looked_up: str = "") -> str:
    """The same for one role, where it can be told from two look-ups, each of one row, however long the history is.

    `$1` is the post, `$2` the instant. In the place of the null it says what else the post has: nothing (null), only
    ends that were corrected (true: the answer stands if there is a holder), or rows that only `answer` finds (false).
    `known` is null where all that the views have counts; `looked_up` is joined to, and `known` may name its columns.
    """
    post = "FROM view_responsibility.holdings WHERE post = $1::bigint"
    upto = f"coalesce({known}, reached.position)"
    believed = (
        f"SELECT CASE WHEN known_from <= {upto} AND (until IS NULL OR until > $2) THEN ctid END "
        f"{post} AND since <= $2::timestamptz AND {BELIEVED} ORDER BY since DESC LIMIT 1"
    )
    once_open = (
        f"SELECT CASE WHEN known_to > {upto} AND since <= $2 THEN ctid END "
        f"{post} AND known_from <= {upto} AND {ONCE_OPEN} ORDER BY known_from DESC LIMIT 1"
    )
    other = f"SELECT slot = post {post} AND ({OTHER}) ORDER BY post, (slot = post) LIMIT 1"
    return (
        f"SELECT reached.position, {upto}, ({other}), {_HELD}, {left('person', '$2', upto)} "
        f"FROM {_REACHED} {looked_up} "
        f"LEFT JOIN view_responsibility.holdings ON holdings.ctid = coalesce(({believed}), ({once_open}))"
    )


def answer_of_post_at(known: str) -> str:
    """The same as known at a time; `known` looks the last position up that was recorded by then."""
    # OFFSET keeps it one look-up: else it would be made wherever the known position is named.
    return answer_of_post("asked.known", f"CROSS JOIN (SELECT coalesce(({known}), 0) AS known OFFSET 0) AS asked")


_LEFT = left("person", "%(at)s", "%(known)s")

_BY_ROLE = {"h.role": "text", "h.since": "timestamptz", "a.acting": "boolean", "h.holding_id": "uuid"}

TIMELINE = Listing(
    columns=(
        "h.subject, h.role, h.person, h.assignment_id, h.holding_id, h.kind, h.involvement, h.since, h.until, "
        f"h.events, a.acting, {left('h.person', '%(at)s', '%(known)s', 'h.until')} AS left"
    ),
    source="view_responsibility.holdings AS h CROSS JOIN LATERAL (SELECT h.kind = 'acting' AS acting) AS a",
    row="h",
    filters={
        "subject": "h.subject = %(subject)s",
        "from": "h.until IS NULL OR h.until > %(from)s",
        "to": "h.since < %(to)s",
    },
    orders={"role": Order(_BY_ROLE)},
)
"""Every interval of every role of a subject, and whether its holder has left by the instant `at` without giving it up;
with `from` and `to` those that share time with what lies between."""

PORTFOLIO = (
    f"SELECT {_COLUMNS}, {_LEFT} AS left FROM view_responsibility.holdings "
    f"WHERE person = %(person)s AND {EFFECTIVE} AND {KNOWN} ORDER BY subject, role, since, holding_id"
)
"""person, at, known → what the person holds."""

_ASKED = f"h.subject = %(subject)s AND (%(role)s::text IS NULL OR h.role = %(role)s) AND {effective('h')}"
_TURN = "LATERAL (VALUES ({0}.known_from), ({0}.known_to)) AS turn (position)"
_BETWEEN = "turn.position > %(from_known)s AND turn.position <= %(to_known)s"

CHANGES = (
    f"SELECT turn.position FROM view_responsibility.holdings AS h, {_TURN.format('h')} WHERE {_ASKED} AND {_BETWEEN} "
    f"UNION SELECT turn.position FROM view_lives.lives AS l, {_TURN.format('l')} "
    f"WHERE l.kind = 'person' AND l.status = 'left' AND {effective('l')} AND {_BETWEEN} "
    f"AND l.id = ANY(ARRAY(SELECT h.person FROM view_responsibility.holdings AS h WHERE {_ASKED})) ORDER BY position"
)
"""subject, role, at, from_known, to_known → the positions that changed in between who holds it, or who has left."""

BELIEFS = (
    f"SELECT {_COLUMNS}, known_from, known_to FROM view_responsibility.holdings "
    "WHERE subject = %(subject)s ORDER BY role, since, holding_id, known_from"
)
"""subject → every interval of every role that was ever believed, with the positions it was believed over."""

ASSIGNMENT = (
    "SELECT subject, person FROM view_responsibility.holdings "
    "WHERE holding_id = %(id)s AND kind = 'principal' "
    f"AND since < %(at)s AND (until IS NULL OR until > %(at)s) AND {KNOWN}"
)
"""id, at, known → what an assignment is for, and who holds it at an instant, no sooner than after its start."""

NAME_OF_ASSIGNMENT = (
    "SELECT role, person FROM view_responsibility.holdings WHERE holding_id = %(id)s ORDER BY known_from LIMIT 1"
)
"""id → role and holder of an assignment, as first recorded."""

NAME_OF_DELEGATION = (
    "SELECT to_person AS person FROM view_responsibility.delegations "
    "WHERE delegation_id = %(id)s ORDER BY known_from LIMIT 1"
)
"""id → who acts by a delegation, as first recorded."""
