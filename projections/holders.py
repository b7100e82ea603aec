"""Who holds an item, as SQL: whoever answers for it, else the account manager of its customer."""

from projections.attribution.holders import ACCOUNT_MANAGER
from projections.pages import effective, known


def _principals(condition: str, involvement: str) -> str:
    return (
        "(SELECT array_agg(h.person ORDER BY h.since, h.holding_id) FROM view_responsibility.holdings AS h "
        f"WHERE {condition} AND h.kind = 'principal' AND h.involvement = '{involvement}' "
        f"AND {effective('h')} AND {known('h')})"
    )


def _layers(condition: str) -> str:
    return f"{_principals(condition, 'accountable')}, {_principals(condition, 'responsible')}"


def item_holders(kind: str, row: str, handed: str = "NULL::uuid[]") -> str:
    """The persons who hold an item at the instant `at`, by the same layers as attribution: an array, maybe empty.

    `handed` is an array of the person that the item was handed to; it counts where nobody is responsible for the item.
    """
    item = _layers(f"h.subject = '{kind}:' || {row}.{kind}_id")
    manager = _layers(f"h.subject = 'customer:' || {row}.customer_id AND h.role = '{ACCOUNT_MANAGER}'")
    return f"coalesce({item}, {handed}, {manager}, '{{}}'::uuid[])"
