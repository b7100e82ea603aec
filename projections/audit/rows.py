"""The rows of the audit trail: one entry per event, with what it changed from old to new."""

from collections.abc import Iterable

from pydantic_core import to_json

from events.recorded import Context, Recorded
from events.vocabulary.identifiers import event_bytes
from projections.audit.items import Fields, statement_of
from projections.base import Group, Projection, Rows, Table
from projections.numbers import is_text, number

ENTRIES = Table(
    name="entries",
    key="event_id",
    group="event_id",
    columns={
        "event_id": "uuid NOT NULL",
        "position": "bigint NOT NULL",
        "stream": "text NOT NULL",
        "version": "integer NOT NULL",
        "name": "text NOT NULL",
        "item": "text NOT NULL",
        "recorded_at": "timestamptz NOT NULL",
        "occurred_at": "timestamptz NOT NULL",
        "actor": "text NOT NULL",
        "on_behalf_of": "uuid",
        "reason": "text",
        "correlation_id": "uuid",
        "causation_id": "uuid",
        "trust": "text NOT NULL",
        "batch": "text",
        "source_row": "integer",
        "source_recorded_at": "timestamptz",
        # Read as a whole only, and never looked into: as text it costs the database a third.
        "data": "json NOT NULL",
        "changes": "json NOT NULL",
    },
    extras=(
        "CREATE INDEX {name}_by_position ON {table} (position)",
        f"CREATE INDEX {{name}}_of_stream ON {{table}} ({number('stream')}, position)",
        f"CREATE INDEX {{name}}_by_actor ON {{table}} ({number('actor')}, position)",
        f"CREATE INDEX {{name}}_by_name ON {{table}} ({number('name')}, position)",
        "CREATE INDEX {name}_by_time ON {table} (recorded_at, position)",
        "CREATE INDEX {name}_by_correlation ON {table} (correlation_id, position) WHERE correlation_id IS NOT NULL",
    ),
    once=True,
    recalling=(f"CREATE INDEX {{name}}_of_item ON {{table}} ({number('item')}, position)",),
)
"""One row per event, never changed; `changes` is field → [old, new] of the `item` it is about, null for nothing."""

_ITEM = "split_part(wanted.place, '/', 2)"

ITEMS = Table(
    name="items",
    key="item",
    group="item",
    columns={"item": "text NOT NULL", "fields": "jsonb NOT NULL"},
    recalled=(
        "SELECT max(entry.position), wanted.place, "
        "jsonb_object_agg(change.field, (change.old_and_new -> 1)::jsonb ORDER BY entry.position) "
        "FROM unnest(%s::text[]) AS wanted (place) "
        f"JOIN {{schema}}.entries AS entry ON {is_text('entry.item', _ITEM)} "
        "AND entry.stream = split_part(wanted.place, '/', 1) "
        "CROSS JOIN json_each(entry.changes) AS change (field, old_and_new) GROUP BY wanted.place"
    ),
)
"""What was last said of each item, `stream/item`: the old values of the next change. It follows from the entries.
Items of which nothing more is said once they are recorded, such as visits, are left out."""

_NO_SOURCE: Fields = {}
_TRUST = Context.model_fields["trust"].default


def reads(recorded: Recorded) -> Iterable[Group]:
    """The item it is about."""
    statement = statement_of(recorded)
    if statement.last:
        return ()
    return ((ITEMS, f"{recorded.stream}/{statement.item(recorded.stream, recorded.data)}"),)


def apply(recorded: Recorded, rows: Rows) -> None:
    """Enter an event, and remember what it says of its item."""
    stream, data = recorded.stream, recorded.data
    statement = statement_of(recorded)
    item = statement.item(stream, data)
    fields = statement.fields(data)
    if statement.last:
        changes = {name: (None, new) for name, new in fields.items() if new is not None}
    else:
        place = f"{stream}/{item}"
        known = rows.get(ITEMS, place)
        before: Fields = known["fields"] if known else {}
        rows.put(ITEMS, {"item": place, "fields": {**before, **fields}})
        changes = {name: (old, new) for name, new in fields.items() if (old := before.get(name)) != new}
    why = recorded.why
    source = why.get("source") or _NO_SOURCE
    rows.enter(
        ENTRIES,
        (
            event_bytes(stream, recorded.version),
            recorded.position,
            stream,
            recorded.version,
            recorded.kind.event_name,
            item,
            recorded.recorded_at,
            why.get("occurred_at") or recorded.recorded_at,
            why["actor"],
            why.get("on_behalf_of"),
            why.get("reason"),
            why.get("correlation_id"),
            why.get("causation_id"),
            why.get("trust", _TRUST),
            source.get("batch"),
            source.get("row"),
            source.get("recorded_at"),
            recorded.written_data,
            # As text at once: many small lists would wait in memory until they are written.
            to_json(changes),
        ),
    )


PROJECTION = Projection("audit", 3, (ENTRIES,), reads, apply)
