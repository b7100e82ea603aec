"""Corrections and withdrawals of any recorded fact, written past all rules: seeded, so that a failure comes again."""

import random
from datetime import datetime, timedelta
from typing import Any, get_args

from events.base import Event
from events.customer.profile import ProfileEvent
from events.customer.tier import TierEvent
from events.facts import FactCorrected, FactEvent, FactWithdrawn
from events.recorded import Context, Recorded
from events.responsibility import (
    DelegationGranted,
    DelegationRevoked,
    HandoverLapsed,
    HandoverProposed,
    ResponsibilityAssigned,
    ResponsibilityCorrected,
    ResponsibilityEnded,
    ResponsibilityWithdrawn,
)
from events.vocabulary.identifiers import StreamId
from services.application import Zeren
from services.store.mapper import EventMapper, StreamEvent
from services.store.writing.saves import Appended, Save

_HELD = (ResponsibilityAssigned, ResponsibilityEnded, ResponsibilityCorrected, ResponsibilityWithdrawn)
_DELEGATED = (DelegationGranted, DelegationRevoked)
_OF_CUSTOMER = get_args(ProfileEvent | TierEvent)
_TEXTS = ("text", "content", "name", "solution", "result", "feedback", "goal", "report")


def plant(zeren: Zeren, stream: StreamId, event: Event, **why: Any) -> None:
    """Append an event past all rules."""
    version = zeren.ledger.read_stream(stream)[-1].version + 1
    stored = EventMapper().to_stored_event(StreamEvent(stream, version, event, Context(actor="system", **why)))
    (result,) = zeren.ledger.log_recorder.append([Save(stream, [stored])])
    assert isinstance(result, Appended)


def item_of(event: Event) -> str:
    """The item as facts name it."""
    about = event.about
    return f"{about.name}:{getattr(event, about.field)}" if about and not about.whole else "self"


class Corrections:
    """Makes corrections that views can fold, whether or not a rule would allow them."""

    def __init__(self, zeren: Zeren, seed: int) -> None:
        self.zeren = zeren
        self.random = random.Random(seed)  # noqa: S311 - a seeded history, not a secret

    def plant(self, recorded: Recorded, share_withdrawn: float = 0.4) -> FactEvent | None:
        """Put a recorded event right, or withdraw it if nothing follows from it; none where it cannot be."""
        stream = self.zeren.ledger.read_stream(recorded.stream)
        if isinstance(recorded.event, _HELD) or recorded.stream.startswith("policy:"):
            return None
        history = [one for one in stream if _together(one, recorded)]
        withdrawn = {one.event.version for one in history if isinstance(one.event, FactWithdrawn)}
        alive = [one for one in history if not isinstance(one.event, FactCorrected | FactWithdrawn)]
        last = [one for one in alive if one.version not in withdrawn][-1:]
        if recorded.version in withdrawn:
            return None
        common: dict[str, Any] = {
            "corrects": recorded.id,
            "version": recorded.version,
            "item": item_of(recorded.event),
            "history": tuple(one.version for one in history),
            "fact": recorded.event.event_name,
        }
        last_one = bool(last) and last[0].version == recorded.version and alive[0].version != recorded.version
        if (last_one or recorded.kind.about is None) and self.random.random() < share_withdrawn:
            if recorded.version == alive[0].version:
                return None
            fact: FactEvent = FactWithdrawn(**common)
        else:
            changed = self._changed(recorded)
            if changed is None:
                return None
            fact = FactCorrected(**common, shape=recorded.kind.class_version, truth=changed)
        plant(self.zeren, recorded.stream, fact, reason="记录有误")
        return fact

    def _changed(self, recorded: Recorded) -> dict[str, Any] | None:
        data = recorded.event.model_dump(mode="json")
        instants = [name for name in data if isinstance(getattr(recorded.event, name), datetime)]
        texts = [name for name in _TEXTS if data.get(name)]
        choices = [*instants, *texts]
        if not choices:
            return None
        name = self.random.choice(choices)
        if name in instants:
            moved = getattr(recorded.event, name) + timedelta(hours=self.random.randrange(-400, 400))
            data[name] = moved.isoformat()
        else:
            data[name] = f"{data[name]}（更正）"
        return recorded.kind.model_validate(data).model_dump(mode="json")


def _together(one: Recorded, recorded: Recorded) -> bool:
    """Whether an event is folded together with another."""
    event, about = one.event, recorded.event
    if isinstance(event, FactCorrected | FactWithdrawn):
        return event.item == item_of(about) or isinstance(about, _DELEGATED)
    if isinstance(about, _DELEGATED):
        same = getattr(event, "assignment_id", None) == about.assignment_id
        return isinstance(event, (*_HELD, *_DELEGATED)) and same
    if item_of(about) != "self":
        return item_of(event) == item_of(about)
    if recorded.stream.startswith("customer:"):
        return isinstance(event, _OF_CUSTOMER)
    return item_of(event) == "self" and not event.event_name.startswith("responsibility.")


def lapse(zeren: Zeren, events: list[Recorded]) -> None:
    """Let a handover that nobody answered lapse."""
    answered = {
        getattr(one.event, "handover_id", None) for one in events if not isinstance(one.event, HandoverProposed)
    }
    for one in events:
        if isinstance(one.event, HandoverProposed) and one.event.handover_id not in answered:
            plant(zeren, one.stream, HandoverLapsed(handover_id=one.event.handover_id))
            return
    raise AssertionError("every handover was answered")
