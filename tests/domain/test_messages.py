"""What events and commands are made of: names, versions, identifiers, texts and instants."""

import json
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

from commands import catalogue as commands
from commands.base import Command
from commands.customer.commitments import CorrectCommitment
from commands.responsibility import AssignResponsibility
from events.base import Event
from events.catalogue import CATALOGUE, _members
from events.customer.commitments import CommitmentFellDue
from events.customer.complaints import ComplaintEscalated
from events.customer.profile import CustomerRegistered
from events.recorded import Actor, Context, Provenance, Recorded
from events.vocabulary.identifiers import (
    SELF,
    STREAM_KINDS,
    CommitmentId,
    event_id,
    stream_id,
    stream_uuid,
    subject_in_full,
)
from events.vocabulary.items import COMMITMENT, PROJECT, ItemKind, Turn
from events.vocabulary.values import EARLIEST, LATEST, Day, Instant, Label, Prose, bounded
from tests.domain.given import REGISTERED
from tests.domain.people import HUADONG, LIN, LINE_SEVEN, NOW
from tests.domain.words import about, commitment, complaint, delegated, made

STREAM = stream_id("customer", HUADONG)
AHEAD = (LATEST - timedelta(minutes=1)).astimezone(timezone(timedelta(hours=8)))
BEHIND = EARLIEST.astimezone(timezone(-timedelta(hours=8)))
"""Instants within the bounds that clocks elsewhere show outside of them."""


# Events on disk


def test_an_event_has_an_upcaster_for_each_older_version() -> None:
    def renamed(data: dict[str, Any]) -> dict[str, Any]:
        return {"promise": data["text"]}

    class PromiseMade(Event, name="sample.promise-made", occurs=None, version=2, upcasters={1: renamed}):
        promise: str

    assert (PromiseMade.event_name, PromiseMade.class_version) == ("sample.promise-made", 2)
    assert PromiseMade.model_validate(PromiseMade.upcasters[1]({"text": "样机"})).promise == "样机"


@pytest.mark.parametrize(
    ("version", "known"), [(2, ()), (3, (1,)), (3, (2,)), (2, (2,)), (2, (1, 2)), (1, (1,)), (1, (0,))]
)
def test_an_event_without_each_upcaster_cannot_be_defined(version: int, known: tuple[int, ...]) -> None:
    same: Callable[[dict[str, Any]], dict[str, Any]] = dict
    with pytest.raises(TypeError, match="one upcaster for each version"):

        class PromiseMade(
            Event, name="sample.promise-made", occurs=None, version=version, upcasters=dict.fromkeys(known, same)
        ):
            promise: str


def test_an_event_has_a_name_of_its_own() -> None:
    with pytest.raises(TypeError, match="name"):

        class Nameless(Event):
            promise: str


def test_a_name_is_not_inherited() -> None:
    with pytest.raises(TypeError, match="name"):

        class CustomerRegisteredAgain(type(REGISTERED)):  # type: ignore[misc]
            promise: str


def test_two_events_do_not_share_a_name() -> None:
    class First(Event, name="sample.promise-made", occurs=None):
        promise: str

    class Second(Event, name="sample.promise-made", occurs=None):
        promise: str

    class Third(Event, name="sample.promise-kept", occurs=None):
        promise: str

    assert _members(First | Third) == {"sample.promise-made": First, "sample.promise-kept": Third}
    with pytest.raises(TypeError, match="share a name"):
        _members(First | Second)
    with pytest.raises(TypeError, match="share a name"):
        _members(First | Third, Second | Third)


def test_an_event_is_frozen_and_takes_nothing_else() -> None:
    with pytest.raises(ValidationError, match="frozen"):
        REGISTERED.name = "滨海化工"  # type: ignore[misc]
    with pytest.raises(ValidationError, match="Extra inputs"):
        type(REGISTERED).model_validate({**REGISTERED.model_dump(), "owner": "林静"})


def test_a_name_says_its_stream_and_the_past() -> None:
    assert list(CATALOGUE) == sorted(CATALOGUE)
    assert {name.partition(".")[0] for name in CATALOGUE} == {*STREAM_KINDS, "responsibility", "fact"}


def test_every_field_of_an_event_is_written_out() -> None:
    optional = {
        (name, field)
        for name, event in CATALOGUE.items()
        for field, info in event.model_fields.items()
        if not info.is_required()
    }
    assert optional == {
        ("customer.commitment-rescheduled", "rescheduled_at"),
        ("customer.commitment-waived", "excused_because"),
        ("responsibility.assigned", "handover_id"),
        ("responsibility.handover-proposed", "moves"),
        ("responsibility.handover-proposed", "retroactive"),
    }


# The envelope


def recorded(**given: Any) -> Recorded:
    return Recorded(
        stream=STREAM,
        version=2,
        position=7,
        recorded_at=NOW,
        event=REGISTERED,
        context=Context.model_validate({"actor": f"person:{LIN}"} | given),
    )


def test_an_event_is_known_by_its_place() -> None:
    assert recorded().id == event_id(STREAM, 2)
    assert recorded().id != event_id(STREAM, 3)


def test_an_event_happened_when_somebody_says_so_else_when_it_was_learned() -> None:
    assert recorded().occurred_at == NOW
    assert recorded(occurred_at=EARLIEST).occurred_at == EARLIEST


@pytest.mark.parametrize("actor", [f"person:{LIN}", "system", "system:when-commitment-falls-due-then-record-it@1"])
def test_who_may_act(actor: str) -> None:
    assert TypeAdapter(Actor).validate_python(actor) == actor


@pytest.mark.parametrize("actor", ["", "LIN", "person:LIN", "system:", "system:x", "system:X@1", f"person:{LIN}\n"])
def test_who_may_not_act(actor: str) -> None:
    with pytest.raises(ValidationError):
        TypeAdapter(Actor).validate_python(actor)


def test_rows_are_counted_from_one() -> None:
    assert Provenance(batch="visits@3f", row=1).row == 1
    with pytest.raises(ValidationError):
        Provenance(batch="visits@3f", row=0)


# What a class of events says of itself


def test_an_event_says_out_loud_whether_it_has_a_business_time() -> None:
    with pytest.raises(TypeError, match="`occurs` names the field with its business time"):

        class Timeless(Event, name="sample.timeless"):
            at: Instant


def test_an_event_opens_an_item_or_goes_on_about_one() -> None:
    with pytest.raises(TypeError, match="it opens an item, or is about one"):

        class Both(Event, name="sample.both", occurs=None, opens=COMMITMENT, about=COMMITMENT):
            commitment_id: CommitmentId


@pytest.mark.parametrize(
    "said",
    [
        {"occurs": "missing"},
        {"occurs": None, "hands": "missing"},
        {"occurs": None, "derived": ("at", "missing")},
        {"occurs": None, "noted": "missing"},
        {"occurs": None, "about": ItemKind("missing", "missing", "customer", field="missing")},
        {"occurs": None, "turns": (Turn("open", of=ItemKind("missing", "missing", "customer", field="missing")),)},
        {"occurs": None, "about": PROJECT, "turns": (Turn(said="missing"),)},
        {"occurs": None, "about": PROJECT, "turns": (Turn(due="missing"),)},
        {"occurs": None, "about": PROJECT, "turns": (Turn(noted="missing"),)},
        {"occurs": None, "about": PROJECT, "turns": (Turn(due="at", binding="missing"),)},
        {"occurs": None, "about": PROJECT, "turns": (Turn(only=("missing", "resolution")),)},
    ],
    ids=str,
)
def test_an_event_speaks_of_no_field_that_it_does_not_have(said: dict[str, Any]) -> None:
    with pytest.raises(TypeError, match=r"sample\.lost: there is no field missing"):

        class Lost(Event, name="sample.lost", **said):
            at: Instant


def test_an_event_about_its_whole_stream_needs_no_id() -> None:
    class Begun(Event, name="sample.begun", occurs="at", about=PROJECT, turns=(Turn("proposed"),)):
        at: Instant

    begun = Begun(at=NOW)
    assert begun.about_item == SELF
    assert begun.item_id(PROJECT, stream_id("project", LINE_SEVEN)) == LINE_SEVEN
    assert (Begun.about, Begun.opens) == (PROJECT, False)


def test_an_event_about_an_item_names_it() -> None:
    event = made(1)
    assert event.about_item == about("commitment", commitment(1))
    assert event.item_id(COMMITMENT, STREAM) == commitment(1)
    assert type(event).opens


def test_an_event_happened_at_an_instant_or_on_a_day_or_does_not_say() -> None:
    at_an_instant, on_a_day, unsaid = made(1), REGISTERED, delegated(1, LIN, "2025-03-10", "2025-03-12")
    assert (at_an_instant.happened, at_an_instant.instant) == (at_an_instant.made_at, at_an_instant.made_at)
    dated = CustomerRegistered(name="华东机械", industry=None, region=None, registered_on=date(2023, 1, 1))
    assert (dated.happened, dated.instant) == (date(2023, 1, 1), None)
    assert (on_a_day.happened, on_a_day.instant) == (None, None)
    assert (unsaid.happened, unsaid.instant) == (None, None)


def test_what_an_event_says_is_written_as_pydantic_writes_it() -> None:
    assert made(1).written == made(1).model_dump_json().encode()


def test_an_event_is_noted_by_a_process_or_told_by_somebody() -> None:
    assert CommitmentFellDue(commitment_id=commitment(1), due_at=NOW).is_noted
    assert not made(1).is_noted
    by_a_clock = ComplaintEscalated(complaint_id=complaint(1), at=NOW, clock="resolution", to_person=None)
    assert by_a_clock.is_noted
    assert not by_a_clock.model_copy(update={"clock": None, "to_person": LIN}).is_noted


# Identifiers


def test_a_stream_names_its_kind_and_identifier() -> None:
    assert stream_id("customer", HUADONG) == f"customer:{HUADONG}"
    assert stream_uuid(STREAM) == HUADONG


def test_a_subject_is_named_in_full_outside_its_stream() -> None:
    assert subject_in_full(STREAM, SELF) == STREAM
    assert subject_in_full(STREAM, about("commitment", commitment(1))) == f"commitment:{commitment(1)}"


# Instants and texts


def test_an_instant_is_kept_in_utc() -> None:
    assert TypeAdapter(Instant).dump_python(
        TypeAdapter(Instant).validate_python("2025-03-10T09:00:00+08:00"), mode="json"
    ) == ("2025-03-10T01:00:00Z")


@pytest.mark.parametrize("instant", [EARLIEST, LATEST - timedelta(microseconds=1), AHEAD, BEHIND])
def test_the_first_and_the_last_instant(instant: datetime) -> None:
    assert TypeAdapter(Instant).validate_python(instant) == instant


@pytest.mark.parametrize(
    "instant",
    [
        EARLIEST - timedelta(microseconds=1),
        LATEST,
        datetime.max.replace(tzinfo=UTC),
        datetime(2025, 3, 10),  # noqa: DTZ001 - a naive timestamp is what is refused
        "2025-03-10T09:00:00",
        "2025-03-10",
        "yesterday",
        None,
    ],
)
def test_what_is_no_instant(instant: object) -> None:
    with pytest.raises(ValidationError):
        TypeAdapter(Instant).validate_python(instant)


@pytest.mark.parametrize("text", ["林静", "Lin Jing", "𠮷野家", "e\u0301", "华东 机械（集团）", "👩🏽‍🔧"])
def test_names_are_kept_as_they_are(text: str) -> None:
    assert TypeAdapter(Label).validate_python(text) == text
    assert TypeAdapter(Prose).validate_python(text) == text


def test_a_longer_text_has_lines_and_a_name_has_one() -> None:
    assert TypeAdapter(Prose).validate_python("第一行\n\t第二行") == "第一行\n\t第二行"
    with pytest.raises(ValidationError, match="control characters"):
        TypeAdapter(Label).validate_python("第一行\n第二行")


@pytest.mark.parametrize("text", ["", " ", "\u3000", "\n", "林\0静", "林\x1b[2J", "林\x7f", "林\x85", "\ud800"])
def test_blank_and_broken_texts_are_refused(text: str) -> None:
    for kind in (Label, Prose):
        with pytest.raises(ValidationError):
            TypeAdapter(kind).validate_python(text)


def test_a_day_is_said_as_it_is_written_and_one_from_before_all_bounds_can_be_read() -> None:
    said = TypeAdapter(Day)
    assert said.validate_json('"2025-03-01"', strict=True) == date(2025, 3, 1)
    for text in ("2025-02-30", "20250301", "1899-12-31"):
        with pytest.raises(ValidationError):
            said.validate_json(json.dumps(text), strict=True)
    assert said.json_schema()["format"] == "date"
    assert (bounded(date(1, 1, 1)), bounded(date(9999, 1, 1))) == (date(1900, 1, 2), date(2199, 12, 30))


DISGUISED = ["\u202e林静", "林\u2066静\u2069", "Lin\u202c", "林\ue000", "\U000f1234", "A\U000e0041", "\U00100000"]
UNSEEN = ["\u200b", "\ufeff", "\u2060 \u200d", "\u3164", "\u00ad\ufe0f", "\u3000\u200b"]


@pytest.mark.parametrize("kind", [Label, Prose])
def test_what_somebody_says_is_what_can_be_read_of_it(kind: Any) -> None:
    reader = TypeAdapter(kind)
    for texts, said in ((DISGUISED, "changes of direction"), (UNSEEN, "blank text")):
        for text in texts:
            with pytest.raises(ValidationError, match=said):
                reader.validate_json(json.dumps(text), strict=True)
            # What an earlier release took can always be read.
            assert reader.validate_json(json.dumps(text)) == reader.validate_python(text) == text


@pytest.mark.parametrize("text", ["林静", "Lin Jing", "👩🏽‍🔧", "e\u0301", "שלום", "نص\u200cها", "a\u200bb"])
def test_what_people_write_may_be_said(text: str) -> None:
    for kind in (Label, Prose):
        assert TypeAdapter(kind).validate_json(json.dumps(text), strict=True) == text


def test_texts_have_a_length() -> None:
    assert TypeAdapter(Label).validate_python("林" * 200)
    assert TypeAdapter(Prose).validate_python("林" * 20_000)
    with pytest.raises(ValidationError):
        TypeAdapter(Label).validate_python("林" * 201)
    with pytest.raises(ValidationError):
        TypeAdapter(Prose).validate_python("林" * 20_001)


# Commands


def test_a_command_has_a_path() -> None:
    assert AssignResponsibility.path() == "assign-responsibility"
    assert commands.CATALOGUE["customer"]["assign-responsibility"] is AssignResponsibility


def test_every_command_is_in_the_catalogue_under_one_path() -> None:
    listed = {kind: set(by_path.values()) for kind, by_path in commands.CATALOGUE.items()}
    assert set(listed) == set(STREAM_KINDS)
    assert set().union(*listed.values()) == set(Command.__subclasses__())
    for kind, by_path in commands.CATALOGUE.items():
        assert len(by_path) == len(listed[kind])


def test_what_only_processes_give_is_in_the_catalogue_too() -> None:
    assert all(command in commands.CATALOGUE["customer"].values() for command in commands.INTERNAL)


def test_a_command_knows_what_was_given_be_it_null() -> None:
    command = CorrectCommitment(commitment_id=commitment(1), promised_by=None, reason="更正")
    assert command.gives("promised_by")
    assert not command.gives("promised_to")
