"""What can be asked of responsibility, as SQL over effective and known time."""

KNOWN = "known_from <= %(known)s AND (known_to IS NULL OR known_to > %(known)s)"
"""Rows as they were believed at position `known`."""

EFFECTIVE = "since <= %(at)s AND (until IS NULL OR until > %(at)s)"
"""Rows that hold at the instant `at`."""

_COLUMNS = "subject, role, person, assignment_id, holding_id, kind, involvement, since, until, events"


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
    """The view's position, the known position, and the holders as known at it; `$1` subject, `$2` role, `$3` instant.

    One row with nulls where nobody holds anything. `known` is an SQL expression that may name `reached.position`.
    """
    return (
        # Kept as one value each: joined to, they could become a filter over every row that held at the instant.
        f"WITH asked AS MATERIALIZED (SELECT reached.position, {known} AS known FROM zeren.checkpoint AS reached "
        "WHERE reached.projection = 'responsibility') "
        "SELECT asked.position, asked.known, held.* FROM asked "
        f"LEFT JOIN ({holders('$1::text', '$2::text', '$3::timestamptz', '(SELECT known FROM asked)')}) AS held ON true"
    )


TIMELINE = (
    f"SELECT {_COLUMNS} FROM view_responsibility.holdings "
    f"WHERE subject = %(subject)s AND {KNOWN} ORDER BY role, since, kind DESC, holding_id"
)
"""subject, known → every interval of every role."""

PORTFOLIO = (
    f"SELECT {_COLUMNS} FROM view_responsibility.holdings "
    f"WHERE person = %(person)s AND {EFFECTIVE} AND {KNOWN} ORDER BY subject, role, since, holding_id"
)
"""person, at, known → what the person holds."""

CHANGES = (
    "SELECT DISTINCT position FROM view_responsibility.holdings, "
    "LATERAL (VALUES (known_from), (known_to)) AS turn (position) "
    f"WHERE subject = %(subject)s AND (%(role)s::text IS NULL OR role = %(role)s) AND {EFFECTIVE} "
    "AND position > %(from_known)s AND position <= %(to_known)s ORDER BY position"
)
"""subject, role, at, from_known, to_known → the positions that changed the answer in between."""

BELIEFS = (
    f"SELECT {_COLUMNS}, known_from, known_to FROM view_responsibility.holdings "
    "WHERE subject = %(subject)s ORDER BY role, since, holding_id, known_from"
)
"""subject → every interval of every role that was ever believed, with the positions it was believed over."""
