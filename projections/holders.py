"""Who holds an item, as SQL: whoever answers for it, else the account manager of its customer."""

from projections.attribution.holders import ACCOUNT_MANAGER
from projections.pages import effective, known


def _principals(condition: str, involvement: str) -> str:
    return (
        "(SELECT array_agg(h.person ORDER BY h.since, h.holding_id) FROM view_responsibility.holdings AS h "
        f"WHERE {condition} AND h.kind = 'principal' AND h.involvement = '{involvement}' "
        f"AND {effective('h')} AND {known('h')})"
    )


def layers_of(condition: str) -> str:
    """Two arrays, as arguments: who answers for what a condition on `h` names, the stronger involvement first."""
    return f"{_principals(condition, 'accountable')}, {_principals(condition, 'responsible')}"


def item_holders(kind: str, row: str, handed: str = "NULL::uuid[]") -> str:
    """The persons who hold an item at the instant `at`, by the same layers as attribution: an array, maybe empty.

    `handed` is an array of the person that the item was handed to; it counts where nobody is responsible for the item.
    """
    item = layers_of(f"h.subject = '{kind}:' || {row}.{kind}_id")
    manager = layers_of(f"h.subject = 'customer:' || {row}.customer_id AND h.role = '{ACCOUNT_MANAGER}'")
    return f"coalesce({item}, {handed}, {manager}, '{{}}'::uuid[])"


def _held(kind: str, condition: str) -> str:
    """An array of the ids of what `holder` holds of a kind at the instant `at`, looked up once."""
    return (
        "ARRAY(SELECT split_part(h.subject, ':', 2)::uuid FROM view_responsibility.holdings AS h "
        f"WHERE h.person = %(holder)s AND split_part(h.subject, ':', 1) = '{kind}' AND {condition} "
        f"AND h.kind = 'principal' AND {effective('h')} AND {known('h')})"
    )


def held_by(kind: str, row: str, holders: str, handed: str = "false") -> str:
    """The condition for items that the person `holder` holds at the instant `at`.

    `holders` are those of a row as `item_holders` says, which costs several look-ups per row: only rows are asked for
    theirs that the person may hold, by what is held altogether or `handed` to the person.
    """
    own, managed = _held(kind, "true"), _held("customer", f"h.role = '{ACCOUNT_MANAGER}'")
    return (
        f"({row}.{kind}_id = ANY({own}) OR {row}.customer_id = ANY({managed}) OR {handed}) "
        f"AND %(holder)s = ANY({holders})"
    )
