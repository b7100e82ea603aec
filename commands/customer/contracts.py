"""Orders about contracts and the duties that they state."""

from pydantic import Field

from commands.base import Command
from events.vocabulary.identifiers import ContractId, ObligationId, PersonId
from events.vocabulary.values import Day, Instant, Later, PersonalLabel, PlainLabel, PlainProse, Side, Target, Value


class Duty(Value):
    """What one side is to do by a stated time."""

    obligation_id: ObligationId
    """Id of the obligation that it becomes, made by the client."""
    clause: PlainLabel = Field(examples=["5.2"])
    """The clause that states it."""
    text: PlainProse = Field(examples=["每季度巡检一次"])
    """What is to be done."""
    by: Side
    """Who is to do it: `us` or the `customer`."""
    due_at: Later
    """By when."""
    owner: PersonId | None = None
    """Who of ours sees to it, be it that the customer does it."""
    target: Target | None = None
    """What the KPI of the clause asks for; absent where it has none."""


class SignContract(Command):
    """Record a signed contract with the duties of both sides; all four parts have to be stated."""

    contract_id: ContractId
    """Id of the contract, made by the client."""
    title: PlainLabel = Field(examples=["年度维保合同"])
    """Its title."""
    signed_at: Instant
    """When both sides had signed."""
    starts_on: Day
    """First day that it is in force."""
    ends_on: Day | None = Field(default=None, examples=["2026-02-28"])
    """Last day; absent where it has none."""
    rights_and_duties: PlainProse
    """The part on the rights and duties of both sides."""
    kpis: PlainProse = Field(examples=["可用率不低于 99.5%"])
    """The part on what is measured."""
    breach_liability: PlainProse = Field(examples=["逾期每日按合同额万分之五计"])
    """The part on what a breach costs."""
    dispute_resolution: PlainProse = Field(examples=["提交上海仲裁委员会仲裁"])
    """The part on how disputes are settled."""
    signed_by: PersonalLabel | None = None
    """Who signed for the customer."""
    obligations: tuple[Duty, ...] = ()
    """The dated duties of both sides; each becomes an obligation."""


class AmendContract(Command):
    """Record a change of a contract, with the duties that it adds."""

    contract_id: ContractId
    """Id of the contract."""
    at: Instant
    """When it was changed."""
    content: PlainProse = Field(examples=["增加二号线巡检"])
    """What both sides changed."""
    obligations: tuple[Duty, ...] = ()
    """The duties that are added; each becomes an obligation."""


class RenewContract(Command):
    """Let a contract go on."""

    contract_id: ContractId
    """Id of the contract."""
    at: Instant
    """When it was agreed."""
    ends_on: Day | None = Field(default=None, examples=["2027-02-28"])
    """The new last day; absent where it has none any more."""


class EndContract(Command):
    """Record that a contract is over."""

    contract_id: ContractId
    """Id of the contract."""
    at: Instant
    """From when on."""


ContractCommand = SignContract | AmendContract | RenewContract | EndContract
