"""Contracts with the customer, from signing to their end."""

from datetime import date

from events.base import Event
from events.vocabulary.identifiers import ContractId
from events.vocabulary.items import CONTRACT, Turn
from events.vocabulary.values import Instant, PersonalLabel, PlainLabel, PlainProse


class ContractSigned(
    Event, name="customer.contract-signed", opens=CONTRACT, occurs="signed_at", turns=(Turn("in_force"),)
):
    """Both sides signed; the four parts that every contract has to state are in it."""

    contract_id: ContractId
    title: PlainLabel
    signed_at: Instant
    starts_on: date
    ends_on: date | None
    rights_and_duties: PlainProse
    kpis: PlainProse
    breach_liability: PlainProse
    dispute_resolution: PlainProse
    signed_by: PersonalLabel | None
    """Who signed for the customer."""


class ContractAmended(Event, name="customer.contract-amended", about=CONTRACT, occurs="at"):
    """Both sides changed what the contract states."""

    contract_id: ContractId
    at: Instant
    content: PlainProse


class ContractRenewed(Event, name="customer.contract-renewed", about=CONTRACT, occurs="at"):
    """The contract goes on."""

    contract_id: ContractId
    at: Instant
    ends_on: date | None
    previous_ends_on: date | None


class ContractEnded(Event, name="customer.contract-ended", about=CONTRACT, occurs="at", turns=(Turn("ended"),)):
    """The contract is over."""

    contract_id: ContractId
    at: Instant


ContractEvent = ContractSigned | ContractAmended | ContractRenewed | ContractEnded
