"""The rows of the audit trail: one entry per event, with what it changed from old to new."""

from collections.abc import Iterable

from pydantic_core import to_json

from events.recorded import Recorded
from projections.audit.items import Fields, fields_of, statement_of
from projections.base import Group, Projection, Rows, Table

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
        "data": "jsonb NOT NULL",
        "changes": "jsonb NOT NULL",
    },
    extras=(
        "CREATE INDEX {name}_by_position ON {table} (position)",
        "CREATE INDEX {name}_of_stream ON {table} (stream, position)",
        "CREATE INDEX {name}_of_item ON {table} (item, position)",
        "CREATE INDEX {name}_by_actor ON {table} (actor, position)",
        "CREATE INDEX {name}_by_name ON {table} (name, position)",
        "CREATE INDEX {name}_by_time ON {table} (recorded_at, position)",
        "CREATE INDEX {name}_by_correlation ON {table} (correlation_id, position) WHERE correlation_id IS NOT NULL",
    ),
    once=True,
)
"""One row per event, never changed; `changes` is field → [old, new] of the `item` it is about, null for nothing."""

ITEMS = Table(
    name="items",
    key="item",
    group="item",
    columns={"item": "text NOT NULL", "fields": "jsonb NOT NULL"},
    history=False,
)
"""What was last said of each item, `stream/item`: the old values of the next change. Items of which nothing more is
said once they are recorded, such as visits, are left out."""


def reads(recorded: Recorded) -> Iterable[Group]:
    """The item it is about."""
    statement = statement_of(recorded)
    return () if statement.last else ((ITEMS, f"{recorded.stream}/{statement.item(recorded)}"),)


def apply(recorded: Recorded, rows: Rows) -> None:
    """Enter an event, and remember what it says of its item."""
    statement = statement_of(recorded)
    item = statement.item(recorded)
    fields = fields_of(recorded, recorded.data)
    if statement.last:
        changes = {name: (None, new) for name, new in fields.items() if new is not None}
    else:
        place = f"{recorded.stream}/{item}"
        known = rows.get(ITEMS, place)
        before: Fields = known["fields"] if known else {}
        rows.put(ITEMS, {"item": place, "fields": {**before, **fields}})
        changes = {name: (old, new) for name, new in fields.items() if (old := before.get(name)) != new}
    context = recorded.context
    source = context.source
    rows.put(
        ENTRIES,
        {
            "event_id": recorded.id,
            "position": recorded.position,
            "stream": recorded.stream,
            "version": recorded.version,
            "name": recorded.kind.event_name,
            "item": item,
            "recorded_at": recorded.recorded_at,
            "occurred_at": context.occurred_at or recorded.recorded_at,
            "actor": context.actor,
            "on_behalf_of": context.on_behalf_of,
            "reason": context.reason,
            "correlation_id": context.correlation_id,
            "causation_id": context.causation_id,
            "trust": context.trust,
            "batch": source.batch if source else None,
            "source_row": source.row if source else None,
            "source_recorded_at": source.recorded_at if source else None,
            "data": recorded.written_data,
            # As text at once: many small lists would wait in memory until they are written.
            "changes": to_json(changes),
        },
    )


PROJECTION = Projection("audit", 2, (ENTRIES, ITEMS), reads, apply)
