"""What can be asked of responsibility, as SQL over effective and known time."""

KNOWN = "known_from <= %(known)s AND (known_to IS NULL OR known_to > %(known)s)"
"""Rows as they were believed at position `known`."""

EFFECTIVE = "since <= %(at)s AND (until IS NULL OR until > %(at)s)"
"""Rows that hold at the instant `at`."""

_COLUMNS = "subject, role, person, assignment_id, holding_id, kind, involvement, since, until, events"

WHO = (
    f"SELECT {_COLUMNS} FROM view_responsibility.holdings "
    f"WHERE subject = %(subject)s AND role = %(role)s AND {EFFECTIVE} AND {KNOWN} "
    "ORDER BY kind DESC, since, holding_id"
)
"""subject, role, at, known → the holders, principals first."""

WHO_IN_ANY_ROLE = (
    f"SELECT {_COLUMNS} FROM view_responsibility.holdings "
    f"WHERE subject = %(subject)s AND {EFFECTIVE} AND {KNOWN} ORDER BY role, kind DESC, since, holding_id"
)
"""subject, at, known → the holders in every role."""

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
