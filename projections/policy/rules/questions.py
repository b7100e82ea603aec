"""What can be asked of the company's rules."""

from events.vocabulary.identifiers import COMPANY_POLICY
from projections.pages import Listing, Order, known, version_of

_IN_FORCE = (
    "e.edition_id = (SELECT o.edition_id FROM view_policies.editions AS o WHERE o.policy = e.policy "
    f"AND (o.since IS NULL OR o.since <= %(at)s) AND {known('o')} "
    "ORDER BY o.since DESC NULLS LAST, o.edition DESC LIMIT 1)"
)
"""Whether the edition counts for what happens at the instant `at`."""

_BY_EDITION = {"e.policy": "text", "e.edition": "integer"}

EDITIONS = Listing(
    columns=(
        f"e.edition_id, e.policy, e.edition, e.since, e.content, e.event, coalesce({_IN_FORCE}, false) AS in_force"
    ),
    source="view_policies.editions AS e",
    row="e",
    stream=f"'policy:{COMPANY_POLICY}'",
    filters={
        "policy": "e.policy = %(policy)s",
        "in_force": f"coalesce({_IN_FORCE}, false) = %(in_force)s",
    },
    orders={"edition": Order(_BY_EDITION), "-edition": Order(_BY_EDITION, descending=True)},
)
"""Every edition of every rule set, with whether it is in force at the instant `at`."""

CALENDAR = (
    "SELECT e.content -> 'calendar' AS calendar FROM view_policies.editions AS e "
    f"WHERE e.policy = 'working-calendar' AND e.edition = %(edition)s AND {known('e')}"
)
"""edition, known → that edition of the working calendar."""

VERSION = f"SELECT coalesce({version_of('%(stream)s')}, 0) AS version"
"""stream, known → its version then."""
