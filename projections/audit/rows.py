"""The rows of the audit trail: one entry per event, with what it changed from old to new."""

from collections.abc import Iterable
from typing import Any

from pydantic_core import to_json

from events.facts import FactCorrected, FactWithdrawn
from events.recorded import Context, Recorded
from events.vocabulary.identifiers import event_bytes, subject_in_full
from projections.audit.items import STATEMENTS, Fields
from projections.base import FACTS, Group, Projection, Rows, Table
from projections.numbers import is_text, number
from projections.restating import corrected_class, true_history

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

_PLACE = "CASE WHEN entry.name LIKE 'fact.%%' THEN (entry.data ->> 'version')::integer ELSE entry.version END"
"""What puts another event right stands in its place."""

ITEMS = Table(
    name="items",
    key="item",
    group="item",
    columns={"item": "text NOT NULL", "fields": "jsonb NOT NULL", "versions": "jsonb NOT NULL"},
    recalled=(
        "SELECT max(entry.position), wanted.place, "
        f"jsonb_object_agg(change.field, (change.old_and_new -> 1)::jsonb ORDER BY {_PLACE}, entry.position), "
        f"jsonb_object_agg(change.field, {_PLACE} ORDER BY {_PLACE}, entry.position) "
        "FROM unnest(%s::text[]) AS wanted (place) "
        f"JOIN {{schema}}.entries AS entry ON {is_text('entry.item', _ITEM)} "
        "AND entry.stream = split_part(wanted.place, '/', 1) "
        "CROSS JOIN json_each(entry.changes) AS change (field, old_and_new) GROUP BY wanted.place"
    ),
)
"""What was last said of each item, `stream/item`, and field by field by which version of its stream: the old values of
the next change. It follows from the entries.
Items of which nothing more is said once they are recorded, such as visits, are left out."""

Changes = dict[str, tuple[Any, Any]]
"""Field → old and new value."""

_NO_SOURCE: Fields = {}
_TRUST = Context.model_fields["trust"].default


def reads(recorded: Recorded) -> Iterable[Group]:
    """The item it is about."""
    stream, event = recorded.stream, recorded.event if recorded.kind in FACTS else None
    if isinstance(event, FactCorrected | FactWithdrawn):
        last = STATEMENTS[corrected_class(recorded)].last
        return () if last else ((ITEMS, f"{stream}/{subject_in_full(stream, event.item)}"),)
    statement = STATEMENTS[recorded.kind]
    if statement.last:
        return ()
    return ((ITEMS, f"{stream}/{statement.item(stream, recorded.data)}"),)


def apply(recorded: Recorded, rows: Rows) -> None:
    """Enter an event, and remember what it says of its item."""
    stream, event = recorded.stream, recorded.event if recorded.kind in FACTS else None
    if isinstance(event, FactCorrected | FactWithdrawn):
        item = subject_in_full(stream, event.item)
        changes = _put_right(recorded, event.version, rows)
        if not STATEMENTS[corrected_class(recorded)].last:
            _remember(f"{stream}/{item}", {name: new for name, (_, new) in changes.items()}, event.version, rows)
        _enter(recorded, item, changes, rows)
        return
    data = recorded.data
    statement = STATEMENTS[recorded.kind]
    item = statement.item(stream, data)
    fields = statement.fields(data)
    if statement.last:
        changes = {name: (None, new) for name, new in fields.items() if new is not None}
    else:
        place = f"{stream}/{item}"
        known = rows.get(ITEMS, place)
        before: Fields = known["fields"] if known else {}
        changes = {name: (old, new) for name, new in fields.items() if (old := before.get(name)) != new}
        _remember(place, {name: new for name, (_, new) in changes.items()}, recorded.version, rows)
    _enter(recorded, item, changes, rows)


def _remember(place: str, fields: Fields, version: int, rows: Rows) -> None:
    """Remember what a version says of an item, but for what a later one says."""
    known = rows.get(ITEMS, place) or {"fields": {}, "versions": {}}
    versions = known["versions"]
    said = {name: new for name, new in fields.items() if versions.get(name, 0) <= version}
    rows.put(
        ITEMS,
        {
            "item": place,
            "fields": {**known["fields"], **said},
            "versions": {**versions, **dict.fromkeys(said, version)},
        },
    )


def _put_right(recorded: Recorded, version: int, rows: Rows) -> Changes:
    """What an event states otherwise once it is put right; where it states nothing, what was stated before it."""
    history = rows.histories[recorded.position]
    before, after = true_history(history), true_history(history, recorded)
    old, new = _stated(before, version), _stated(after, version)
    earlier: Fields = {}
    for one in after:
        if one.version < version:
            earlier |= STATEMENTS[one.kind].fields(one.data)
    values = {name: new[name] if name in new else earlier.get(name) for name in {**old, **new}}
    return {name: (old.get(name), value) for name, value in values.items() if old.get(name) != value}


def _stated(history: Iterable[Recorded], version: int) -> Fields:
    found = next((one for one in history if one.version == version), None)
    return STATEMENTS[found.kind].fields(found.data) if found else {}


def _enter(recorded: Recorded, item: str, changes: Changes, rows: Rows) -> None:
    stream = recorded.stream
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


PROJECTION = Projection("audit", 4, (ENTRIES,), reads, apply, facts=True)
