"""What can be asked of people."""

from projections.pages import Listing, Order, known

_MEMBERSHIP = (
    "SELECT m.department, m.manager FROM view_people.memberships AS m WHERE m.person_id = p.person_id "
    f"AND (m.since IS NULL OR m.since <= %(at)s) AND {known('m')} "
    "ORDER BY m.since DESC NULLS LAST, m.known_from DESC LIMIT 1"
)
"""The department and superior at the instant `at`."""

_BY_NAME = {"p.name": "text", "p.person_id": "uuid"}

PEOPLE = Listing(
    columns=(
        "p.person_id, p.name, m.department, m.manager, p.skills, p.email, p.phone, p.inactive_since, "
        "(p.inactive_since IS NULL OR p.inactive_since > %(at)s) AS active, p.events"
    ),
    source=f"view_people.people AS p LEFT JOIN LATERAL ({_MEMBERSHIP}) AS m ON true",
    row="p",
    stream="'person:' || p.person_id",
    filters={
        "search": "strpos(lower(p.name), lower(%(search)s)) > 0",
        "department": "m.department = %(department)s",
        "manager": "m.manager = %(manager)s",
        "active": "(p.inactive_since IS NULL OR p.inactive_since > %(at)s) = %(active)s",
    },
    orders={"name": Order(_BY_NAME), "-name": Order(_BY_NAME, descending=True)},
)
"""People with their department, superior and whether they are active, all at the instant `at`."""

ONE = PEOPLE.one("person_id")
"""id, at, known → the person."""

MEMBERSHIPS = (
    "SELECT m.membership_id AS event, m.department, m.manager, m.since FROM view_people.memberships AS m "
    f"WHERE m.person_id = %(person)s AND {known('m')} ORDER BY m.since NULLS FIRST, m.known_from"
)
"""person, known → every department the person belonged to, as it was known."""

NAME = "SELECT name FROM view_people.people WHERE person_id = %(id)s AND known_to IS NULL"
"""id → the person's name, as known now."""
