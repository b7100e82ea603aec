"""Contracts state four parts and the dated duties of both sides."""

from datetime import date
from decimal import Decimal

import pytest
from pydantic import ValidationError

from commands.customer.contracts import AmendContract, Duty, EndContract, RenewContract, SignContract
from events.customer.contracts import ContractAmended, ContractEnded, ContractRenewed
from events.vocabulary.identifiers import PersonId
from events.vocabulary.values import Side, Target
from tests.domain.given import given_customer
from tests.domain.people import LIN, QIAN, STRANGER, on
from tests.domain.words import CONTRACT, obligation, signed, undertaken


def duty(no: int, due: str = "2025-04-01", *, by: Side = "us", owner: PersonId | None = LIN) -> Duty:
    return Duty(
        obligation_id=obligation(no),
        clause="4.2",
        text="可用率达到 99.5%",
        by=by,
        due_at=on(due),
        owner=owner,
        target=Target(measure=Decimal("99.5"), unit="%"),
    )


def sign(*obligations: Duty, at: str = "2025-01-15", ends_on: date | None = date(2026, 1, 31)) -> SignContract:
    said = signed(at, ends_on).model_dump()
    return SignContract.model_validate({**said, "obligations": [one.model_dump() for one in obligations]})


def amend(*obligations: Duty, at: str = "2025-03-01") -> AmendContract:
    return AmendContract(contract_id=CONTRACT, at=on(at), content="增加夜间响应", obligations=obligations)


def renew(ends_on: date, at: str = "2025-03-05") -> RenewContract:
    return RenewContract(contract_id=CONTRACT, at=on(at), ends_on=ends_on)


AMENDED = ContractAmended(contract_id=CONTRACT, at=on("2025-03-01"), content="增加夜间响应")
ENDED = ContractEnded(contract_id=CONTRACT, at=on("2025-03-05"))


def test_a_contract_is_signed_with_the_duties_of_both_sides() -> None:
    given_customer().when(sign(duty(1), duty(2, by="customer", owner=None))).then(
        signed(), undertaken(1), undertaken(2, by="customer", owner=None)
    )


@pytest.mark.parametrize("part", ["rights_and_duties", "kpis", "breach_liability", "dispute_resolution"])
def test_all_four_parts_have_to_be_stated(part: str) -> None:
    said = sign().model_dump()
    del said[part]
    with pytest.raises(ValidationError, match="Field required"):
        SignContract.model_validate(said)


def test_a_contract_id_is_used_once() -> None:
    given_customer(signed()).when(sign(at="2025-01-16")).refused("contract.id-taken", "contract_id")


def test_a_contract_does_not_end_before_it_starts() -> None:
    given_customer().when(sign(ends_on=date(2025, 1, 1))).refused("interval.inverted", "ends_on")
    given_customer(signed()).when(renew(date(2025, 1, 1))).refused("interval.inverted", "ends_on")


def test_a_duty_has_an_id_of_its_own() -> None:
    given_customer().when(sign(duty(1), duty(1))).refused("obligation.id-taken", "obligations.obligation_id")
    given_customer(signed(), undertaken(1)).when(amend(duty(1))).refused(
        "obligation.id-taken", "obligations.obligation_id"
    )


def test_a_duty_is_not_due_before_it_is_undertaken() -> None:
    given_customer().when(sign(duty(1, "2025-01-14"))).refused("obligation.due-before-undertaken", "obligations.due_at")


def test_whoever_sees_to_a_duty_works_here() -> None:
    given_customer().when(sign(duty(1, owner=STRANGER))).refused("person.unknown", "obligations.owner")
    given_customer().when(sign(duty(1, "2025-07-01", owner=QIAN), at="2025-06-02")).refused(
        "person.inactive", "obligations.owner"
    )


def test_an_amendment_adds_duties() -> None:
    given_customer(signed()).when(amend(duty(1))).then(AMENDED, undertaken(1, at="2025-03-01"))


def test_a_contract_is_renewed_and_names_the_end_before() -> None:
    renewed = ContractRenewed(
        contract_id=CONTRACT,
        at=on("2025-03-05"),
        ends_on=date(2027, 1, 31),
        previous_ends_on=date(2026, 1, 31),
    )
    given_customer(signed()).when(renew(date(2027, 1, 31))).then(renewed)


def test_a_contract_ends_once() -> None:
    end = EndContract(contract_id=CONTRACT, at=on("2025-03-05"))
    over = given_customer(signed()).when(end).then(ENDED)
    over.when(amend(at="2025-03-06")).refused("contract.already-ended", "contract_id")


def test_nothing_happens_to_a_contract_before_it_is_signed() -> None:
    given_customer(signed()).when(amend(at="2025-01-14")).refused("contract.before-signing", "at")
    given_customer().when(amend()).refused("contract.unknown", "contract_id")
