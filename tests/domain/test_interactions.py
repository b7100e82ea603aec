"""Calls, meetings, mails and messages."""

from uuid import UUID

from commands.customer.interactions import LogInteraction
from events.customer.interactions import InteractionLogged
from events.vocabulary.identifiers import InteractionId, PersonId
from tests.domain.given import given_customer
from tests.domain.people import LIN, STRANGER, WANG, number, on

CALL: UUID = number(6001)


def log(*attendees: PersonId, result: str = "约定周五再谈") -> LogInteraction:
    return LogInteraction(
        interaction_id=InteractionId(CALL),
        at=on("2025-03-10 10:00"),
        channel="call",
        direction="outbound",
        our_attendees=attendees,
        content="询问样机进度",
        result=result,
    )


def logged(*attendees: PersonId) -> InteractionLogged:
    return InteractionLogged(
        interaction_id=InteractionId(CALL),
        at=on("2025-03-10 10:00"),
        channel="call",
        direction="outbound",
        our_attendees=attendees,
        content="询问样机进度",
        result="约定周五再谈",
    )


def test_a_call_is_logged_with_its_result() -> None:
    given_customer().when(log(LIN, WANG)).then(logged(LIN, WANG))


def test_a_stranger_took_no_part() -> None:
    given_customer().when(log(LIN, STRANGER)).refused("person.unknown", "our_attendees")


def test_an_interaction_id_is_used_once() -> None:
    given_customer(logged(LIN)).when(log(LIN, result="无人接听")).refused("interaction.id-taken", "interaction_id")
