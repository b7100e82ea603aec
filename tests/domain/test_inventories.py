"""What a handover finds open is what was open at its own instant, though that lies in the past."""

from commands.responsibility import ProposeHandover
from events.responsibility import HandoverProposed
from events.vocabulary.identifiers import HandoverId
from tests.domain.given import given_customer
from tests.domain.people import LIN, WANG, number, on
from tests.domain.words import about, assigned, assignment, commitment, made


def test_what_was_promised_later_was_not_open_yet() -> None:
    promises = given_customer(assigned(LIN), made(1, at="2025-01-10"), made(2, at="2025-03-01"))
    proposed = promises.when(
        ProposeHandover(
            handover_id=HandoverId(number(1)),
            assignment_id=assignment(1),
            to_person=WANG,
            effective_at=on("2025-01-15"),
            reason="补录一月的交接",
        )
    )
    (event,) = proposed.events
    assert isinstance(event, HandoverProposed)
    assert [one.item for one in event.inventory] == [about("commitment", commitment(1))]
