"""Orders about contracts and the duties that they state."""

from pydantic import Field

from commands.base import Command, Short
from events.vocabulary.identifiers import ContractId, ObligationId, PersonId
from events.vocabulary.values import Day, Instant, Later, PersonalLabel, PlainLabel, PlainProse, Side, Target, Value


class Duty(Value):
    """What one side is to do by a stated time."""

    obligation_id: ObligationId
    """Id of the obligation, made by the client."""
    clause: PlainLabel = Field(examples=["4.2"])
    """The clause that states it."""
    text: PlainProse = Field(examples=["每月可用率不低于 99.5%"])
    """What is to be done."""
    by: Side
    """Who is to do it: `us` or the `customer`."""
    due_at: Later
    """By when."""
    owner: PersonId | None = None
    """Who of ours sees to it, be it that the customer does it."""
    target: Target | None = None
    """What the clause's KPI asks for."""


class SignContract(Command):
    """Record a signed contract with the duties of both sides; all four parts have to be stated."""

    contract_id: ContractId
    """Id of the contract, made by the client."""
    title: PlainLabel = Field(examples=["2025 年度维保合同"])
    """What it is called."""
    signed_at: Instant
    """When both sides had signed."""
    starts_on: Day = Field(examples=["2025-02-01"])
    """First day."""
    ends_on: Day | None = Field(default=None, examples=["2026-01-31"])
    """Last day; none where it has none."""
    rights_and_duties: PlainProse = Field(examples=["甲方提供现场条件，乙方按月巡检"])
    """The rights and duties of both sides."""
    kpis: PlainProse = Field(examples=["每月可用率不低于 99.5%"])
    """The KPIs that it is measured by."""
    breach_liability: PlainProse = Field(examples=["每逾期一日按合同额 0.1% 支付违约金"])
    """Who is liable for a breach, and how."""
    dispute_resolution: PlainProse = Field(examples=["协商不成提交上海仲裁委员会"])
    """How disputes are settled."""
    signed_by: PersonalLabel | None = Field(default=None, examples=["孙经理"])
    """Who signed for the customer."""
    obligations: Short[tuple[Duty, ...]] = ()
    """The dated duties of both sides; each becomes an obligation."""


class AmendContract(Command):
    """Record a change of a contract, with the duties that it adds."""

    contract_id: ContractId
    """Id of the contract."""
    at: Instant
    """When both sides agreed."""
    content: PlainProse = Field(examples=["增加夜间响应"])
    """What was changed."""
    obligations: Short[tuple[Duty, ...]] = ()
    """The dated duties that it adds; each becomes an obligation."""


class RenewContract(Command):
    """Let a contract go on."""

    contract_id: ContractId
    """Id of the contract."""
    at: Instant
    """When both sides agreed."""
    ends_on: Day | None = Field(default=None, examples=["2027-01-31"])
    """The new last day; none where it has none."""


class EndContract(Command):
    """Record that a contract is over."""

    contract_id: ContractId
    """Id of the contract."""
    at: Instant
    """When it was over."""


ContractCommand = SignContract | AmendContract | RenewContract | EndContract
