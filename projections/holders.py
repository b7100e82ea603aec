"""Who holds an item: whoever is assigned to it, else the account manager of its customer."""

from projections.pages import effective, known

ACCOUNT_MANAGER = "account_manager"


def _principals(condition: str) -> str:
    return (
        "(SELECT array_agg(h.person ORDER BY h.since, h.holding_id) FROM view_responsibility.holdings AS h "
        f"WHERE {condition} AND h.kind = 'principal' AND h.involvement IN ('responsible', 'accountable') "
        f"AND {effective('h')} AND {known('h')})"
    )


def item_holders(kind: str, row: str) -> tuple[str, str]:
    """Two SQL expressions, each an array of persons or null: those assigned to an item, and its account manager."""
    return (
        _principals(f"h.subject = '{kind}:' || {row}.{kind}_id"),
        _principals(f"h.subject = 'customer:' || {row}.customer_id AND h.role = '{ACCOUNT_MANAGER}'"),
    )
