"""Ten thousand questions: what an item was then, as known then, and who held it, is what a naive replay says."""

import random
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from events.recorded import Recorded
from projections.lives.questions import LIVES
from services.application import Zeren
from tests.views.facts import Corrections
from tests.views.histories import History, record
from tests.views.test_responsibility_law import naive as naive_holders

QUESTIONS = 10_000
MICROSECOND = timedelta(microseconds=1)
OPEN = {
    "commitment": {"open"},
    "complaint": {"open", "waiting"},
    "first-response": {"open"},
    "project": {"proposed", "approved"},
    "acceptance": {"none", "checked", "requested", "rejected", "ordered"},
}
Seen = tuple[str, bool, datetime | None, bool]
"""Status, whether open, the due time that binds, whether late."""


@dataclass
class Naive:
    """The events about one item as they are believed, kept as plainly as can be; written without a look at the view."""

    told: dict[int, tuple[str, dict[str, Any], datetime]] = field(default_factory=dict)
    """Version → name, data, and the instant of the envelope."""

    def learn(self, recorded: Recorded) -> None:
        """Take one event in: the later word about a version stands."""
        name, data = recorded.event.event_name, recorded.event.model_dump()
        if name == "fact.corrected":
            _, _, envelope = self.told[data["version"]]
            self.told[data["version"]] = (data["fact"], data["truth"], envelope)
        elif name == "fact.withdrawn":
            del self.told[data["version"]]
        else:
            self.told[recorded.version] = (name, data, recorded.context.occurred_at or recorded.recorded_at)

    def moments(self, kind: str) -> list[tuple[datetime, int, dict[str, Any]]]:
        """What changes when, in the order of recording: `status`, `due`, `pause`."""
        found: list[tuple[datetime, int, dict[str, Any], str]] = []
        for version in sorted(self.told):
            name, raw, envelope = self.told[version]
            data = {key: _read(value) for key, value in raw.items()}
            for instant, change in _CHANGES.get((kind, name), lambda *_: ())(data, envelope):
                if "amend" in change:
                    for _, _, earlier, _ in reversed(found):
                        if earlier.get("said") is not None:
                            earlier["said"] = change["amend"]
                            if "due" in earlier:
                                earlier["due"] = change["amend"]
                            break
                    continue
                found.append((instant, version, change, "envelope" if instant is envelope else "own"))
        if not found:
            return []
        first = found[0]
        begin = first[0]
        if first[3] == "envelope":
            begin = min([begin, *(at for at, _, change, source in found[1:] if source == "own" and "status" in change)])
        timed = [(begin if one is first else max(one[0], begin), one[1], one[2]) for one in found]
        return sorted(timed, key=lambda one: one[:2])

    def seen(self, kind: str, at: datetime) -> Seen | None:
        """What the item was at an instant."""
        status, due = None, None
        for when, _, change in self.moments(kind):
            if when > at:
                break
            status = change.get("status", status)
            if "due" in change:
                due = change["due"]
            elif change.get("pause") and due is not None and when <= due:
                due = None
        if status is None:
            return None
        is_open = status in OPEN[kind]
        return status, is_open, due, is_open and due is not None and due < at


def _read(value: Any) -> Any:
    if isinstance(value, str) and len(value) > 18 and value[4:5] == "-" and "T" in value:
        return datetime.fromisoformat(value)
    return value


def _at(name: str, **change: Any) -> Any:
    return lambda data, envelope: [
        (data[name] or envelope, {key: _filled(value, data) for key, value in change.items()})
    ]


def _filled(value: Any, data: dict[str, Any]) -> Any:
    return data[value[1:]] if isinstance(value, str) and value.startswith("$") else value


def _rescheduled(data: dict[str, Any], envelope: datetime) -> Any:
    change = {"said": data["due_at"]} | ({"due": data["due_at"]} if data["agreed"] else {})
    return [(data["rescheduled_at"] or envelope, change)]


_RESOLUTION = {"due": "$resolution_due_at", "said": "$resolution_due_at"}
_CHANGES: dict[tuple[str, str], Any] = {
    ("commitment", "customer.commitment-made"): _at("made_at", status="open", due="$due_at", said="$due_at"),
    ("commitment", "customer.commitment-rescheduled"): _rescheduled,
    ("commitment", "customer.commitment-fulfilled"): _at("fulfilled_at", status="fulfilled"),
    ("commitment", "customer.commitment-waived"): _at("waived_at", status="waived"),
    ("commitment", "customer.commitment-corrected"): lambda data, envelope: [(envelope, {"amend": data["due_at"]})],
    ("complaint", "customer.complaint-received"): _at("received_at", status="open", **_RESOLUTION),
    ("complaint", "customer.complaint-waiting-started"): _at("at", status="waiting", pause=True),
    ("complaint", "customer.complaint-waiting-stopped"): _at("at", status="open", **_RESOLUTION),
    ("complaint", "customer.complaint-resolved"): _at("at", status="resolved", **_RESOLUTION),
    ("complaint", "customer.complaint-closed"): _at("at", status="closed"),
    ("complaint", "customer.complaint-reopened"): _at("at", status="open", **_RESOLUTION),
    ("first-response", "customer.complaint-received"): _at("received_at", status="open", due="$first_response_due_at"),
    ("first-response", "customer.complaint-acknowledged"): _at("at", status="answered"),
    ("first-response", "customer.complaint-resolved"): _at("at", status="answered"),
    ("project", "project.proposed"): lambda _, envelope: [(envelope, {"status": "proposed"})],
    ("project", "project.approved"): _at("at", status="approved"),
    ("project", "project.rejected"): _at("at", status="rejected"),
    ("acceptance", "project.proposed"): lambda _, envelope: [(envelope, {"status": "none"})],
    ("acceptance", "project.self-check-passed"): _at("at", status="checked"),
    ("acceptance", "project.acceptance-requested"): _at("at", status="requested"),
    ("acceptance", "project.acceptance-recorded"): _at("at", status="$outcome"),
    ("acceptance", "project.rectification-ordered"): _at("at", status="ordered", due="$due_at"),
    ("acceptance", "project.rectification-submitted"): _at("at", status="checked", due=None),
}


def items_of(events: Iterable[Recorded]) -> dict[tuple[str, UUID], list[Recorded]]:
    """The events about each item, with those that put them right."""
    found: dict[tuple[str, UUID], list[Recorded]] = {}
    for one in events:
        data = one.event.model_dump(mode="json")
        item = data.get("item", "") if one.event.event_name.startswith("fact.") else ""
        for kind, key in (
            ("commitment", "commitment_id"),
            ("complaint", "complaint_id"),
            ("first-response", "complaint_id"),
        ):
            identifier = data.get(key) if not item else item.partition(":")[2] if item.startswith(key[:-3]) else None
            if identifier and one.event.event_name.startswith(("customer.", "fact.")):
                found.setdefault((kind, UUID(identifier)), []).append(one)
        if one.stream.startswith("project:") and (item == "self" or one.event.event_name.startswith("project.")):
            for kind in ("project", "acceptance"):
                found.setdefault((kind, UUID(one.stream.partition(":")[2])), []).append(one)
    return found


def believed(told: Sequence[Recorded], known: int) -> Naive:
    """Everything again from the beginning, up to the known position."""
    replayed = Naive()
    for recorded in told:
        if recorded.position <= known:
            replayed.learn(recorded)
    return replayed


def holders(
    events: Sequence[Recorded], item: tuple[str, UUID], told: Naive, stream: str, at: datetime, known: int
) -> Any:
    """Who held an item: whoever is accountable for it; else whom it was handed to; else the account manager."""
    kind, identifier = item
    replayed = naive_holders(events, known)
    subject = {"first-response": "complaint", "acceptance": "project"}.get(kind, kind) + f":{identifier}"
    role = "project_manager" if stream.startswith("project:") else None
    own = {person for _, held, person, *_ in replayed.who(subject, role, at) if held == "principal"}
    if own:
        return own
    handed = [
        (
            data["at"] if isinstance(data["at"], datetime) else datetime.fromisoformat(data["at"]),
            version,
            data["person"],
        )
        for version, (name, data, _) in told.told.items()
        if name == "customer.complaint-assigned"
    ]
    until = [one for one in handed if one[0] <= at]
    if until:
        return {UUID(str(max(until, key=lambda one: one[:2])[2]))}
    managers = replayed.who(stream, "account_manager", at) if stream.startswith("customer:") else Counter()
    return {person for _, held, person, *_ in managers if held == "principal"}


def test_ten_thousand_questions_about_lives_are_answered_as_by_a_naive_replay(database_url: str) -> None:
    dice = random.Random(20250405)  # noqa: S311 - a seeded history, not a secret
    history = History(11, customers=3, people=5)
    with Zeren(database_url, projecting=False) as zeren:
        record(zeren, list(history.opening()))
        makers = (
            [history.commitment] * 4 + [history.complaint] * 5 + [history.about_project] * 3 + [history.responsibility]
        )
        while zeren.ledger.size() < 900:
            record(zeren, [dice.choice(makers)() for _ in range(150)])
        corrections = Corrections(zeren, 5)
        plain = [one for one in zeren.ledger.read(0, 100_000) if one.stream.startswith(("customer:", "project:"))]
        turning = [one for one in plain if one.kind.turns]
        put_right = Counter(
            type(fact).__name__ for one in dice.choices(turning, k=220) if (fact := corrections.plant(one))
        )
        assert min(put_right["FactCorrected"], put_right["FactWithdrawn"]) > 10, put_right
        zeren.runner.catch_up()
        assert zeren.database.rows("SELECT * FROM zeren.parked") == []
        events = zeren.ledger.read(0, 100_000)
        held = [one for one in events if one.event.event_name.startswith("responsibility.")]
        items = items_of(events)
        query = LIVES.query(["at", "id", "kind"])
        query_late = LIVES.query({"at": None, "id": None, "kind": None, "late": True})
        mismatches, asked, late, found_open = [], 0, 0, 0
        while asked < QUESTIONS:
            item = dice.choice(list(items))
            kind, identifier = item
            known = dice.choice([len(events), dice.choice(items[item]).position, dice.randrange(len(events) + 1)])
            told = believed(items[item], known)
            instants = [at for at, _, _ in told.moments(kind)]
            instants += [change["due"] for _, _, change in told.moments(kind) if change.get("due")]
            stream = items[item][0].stream
            for turn in dice.sample(instants, min(2, len(instants))) or [dice.choice(events).recorded_at]:
                for at in (turn - MICROSECOND, turn, turn + MICROSECOND):
                    asked += 1
                    parameters = {"id": identifier, "kind": kind, "at": at, "known": known, "limit": 5}
                    rows = zeren.views.rows(query, parameters)
                    found = [(row["status"], row["open"], row["due_at"], row["late"]) for row in rows]
                    expected = told.seen(kind, at)
                    if found != ([expected] if expected else []):
                        mismatches.append((item, at, known, found, expected))
                    is_late = bool(expected and expected[3])
                    if asked % 3 == 0 and len(zeren.views.rows(query_late, parameters)) != is_late:
                        mismatches.append((item, at, known, found, expected))
                    late += is_late
                    found_open += bool(expected and expected[1])
                    if expected and asked % 5 == 0:
                        who = holders(held, item, told, stream, at, known)
                        if set(rows[0]["holders"]) != who:
                            mismatches.append((item, at, known, rows[0]["holders"], who))
        assert mismatches[:1] == [], f"{len(mismatches)} of {asked}"
        assert late > 1_000
        assert found_open > 3_000
