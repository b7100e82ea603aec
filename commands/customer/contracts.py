"""Orders about contracts and the duties that they state."""

from datetime import date

from commands.base import Command
from events.vocabulary.identifiers import ContractId, ObligationId, PersonId
from events.vocabulary.values import Instant, Label, Prose, Side, Target, Value


class Duty(Value):
    """What one side is to do by a stated time."""

    obligation_id: ObligationId
    clause: Label
    text: Prose
    by: Side
    due_at: Instant
    owner: PersonId | None = None
    target: Target | None = None


class SignContract(Command):
    """Record a signed contract with the duties of both sides; all four parts have to be stated."""

    contract_id: ContractId
    title: Label
    signed_at: Instant
    starts_on: date
    ends_on: date | None = None
    rights_and_duties: Prose
    kpis: Prose
    breach_liability: Prose
    dispute_resolution: Prose
    signed_by: Label | None = None
    obligations: tuple[Duty, ...] = ()


class AmendContract(Command):
    """Record a change of a contract, with the duties that it adds."""

    contract_id: ContractId
    at: Instant
    content: Prose
    obligations: tuple[Duty, ...] = ()


class RenewContract(Command):
    """Let a contract go on."""

    contract_id: ContractId
    at: Instant
    ends_on: date | None = None


class EndContract(Command):
    """Record that a contract is over."""

    contract_id: ContractId
    at: Instant


ContractCommand = SignContract | AmendContract | RenewContract | EndContract
