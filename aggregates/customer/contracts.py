"""The rules of contracts: each duty that one states becomes an obligation."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal, assert_never

from aggregates.changing import replace
from aggregates.circumstances import Circumstances
from aggregates.customer.account import Account
from aggregates.fingerprint import Fingerprint, fingerprint
from aggregates.histories import Told
from aggregates.items import Items
from aggregates.refusal import Refused
from aggregates.responsibility.inventories import has_item
from aggregates.slices import Slice
from commands.customer.contracts import (
    AmendContract,
    ContractCommand,
    Duty,
    EndContract,
    RenewContract,
    SignContract,
)
from events.customer.contracts import (
    ContractAmended,
    ContractEnded,
    ContractEvent,
    ContractRenewed,
    ContractSigned,
)
from events.customer.obligations import ObligationUndertaken
from events.vocabulary.identifiers import ContractId


@dataclass(frozen=True, slots=True)
class Contract:
    """One contract as it is believed now."""

    signed: Fingerprint
    signed_at: datetime
    starts_on: date
    ends_on: date | None
    last: Fingerprint
    """The newest event about it."""
    status: Literal["in_force", "ended"] = "in_force"


Contracts = Items[ContractId, Contract]


def decide(
    command: ContractCommand, mine: Contracts, customer: Account, circumstances: Circumstances
) -> Sequence[ContractEvent | ObligationUndertaken]:
    """The events that follow from a command; none where there is nothing to do."""
    event, duties, at = _asked(command, mine)
    known = mine.get(command.contract_id)
    undertaken = [_undertaken(duty, command.contract_id, at) for duty in duties]
    if known is not None and _said(event) in {known.signed, known.last}:
        return []
    settled = settle(event, event, mine, (), customer, circumstances)
    _require_new(undertaken, customer, circumstances)
    return [settled, *undertaken]


def _asked(command: ContractCommand, mine: Contracts) -> tuple[ContractEvent, Sequence[Duty], datetime]:
    match command:
        case SignContract():
            signed = ContractSigned(
                contract_id=command.contract_id,
                title=command.title,
                signed_at=command.signed_at,
                starts_on=command.starts_on,
                ends_on=command.ends_on,
                rights_and_duties=command.rights_and_duties,
                kpis=command.kpis,
                breach_liability=command.breach_liability,
                dispute_resolution=command.dispute_resolution,
                signed_by=command.signed_by,
            )
            return signed, command.obligations, command.signed_at
        case AmendContract():
            amended = ContractAmended(contract_id=command.contract_id, at=command.at, content=command.content)
            return amended, command.obligations, command.at
        case RenewContract():
            known = mine.get(command.contract_id)
            renewed = ContractRenewed(
                contract_id=command.contract_id,
                at=command.at,
                ends_on=command.ends_on,
                previous_ends_on=known.ends_on if known else None,
            )
            return renewed, (), command.at
        case EndContract():
            return ContractEnded(contract_id=command.contract_id, at=command.at), (), command.at
        case _:
            assert_never(command)


def _undertaken(duty: Duty, contract: ContractId, at: datetime) -> ObligationUndertaken:
    return ObligationUndertaken(
        obligation_id=duty.obligation_id,
        contract_id=contract,
        clause=duty.clause,
        text=duty.text,
        by=duty.by,
        due_at=duty.due_at,
        undertaken_at=at,
        owner=duty.owner,
        target=duty.target,
    )


def _require_new(undertaken: Sequence[ObligationUndertaken], customer: Account, circumstances: Circumstances) -> None:
    ids = {one.obligation_id for one in undertaken}
    if len(ids) < len(undertaken) or any(has_item(customer, one.about_item) for one in undertaken):
        raise Refused("obligation.id-taken", "obligations.obligation_id")
    for one in undertaken:
        if one.due_at < one.undertaken_at:
            raise Refused("obligation.due-before-undertaken", "obligations.due_at")
        if one.owner is not None:
            circumstances.require_active(one.owner, "obligations.owner", one.undertaken_at)


def settle(
    event: ContractEvent,
    _before: ContractEvent,
    mine: Contracts,
    _told: Sequence[Told],
    _customer: Account,
    _circumstances: Circumstances,
) -> ContractEvent:
    """The event with the end that it moves; refuses what may not come next."""
    known = mine.get(event.contract_id)
    if isinstance(event, ContractSigned):
        if known is not None:
            raise Refused("contract.id-taken", "contract_id")
        _require_order(event.starts_on, event.ends_on)
        return event
    if known is None:
        raise Refused("contract.unknown", "contract_id")
    if event.at < known.signed_at:
        raise Refused("contract.before-signing", "at")
    if known.status == "ended":
        raise Refused("contract.already-ended", "contract_id")
    if isinstance(event, ContractRenewed):
        _require_order(known.starts_on, event.ends_on)
        return event.model_copy(update={"previous_ends_on": known.ends_on})
    return event


def _require_order(starts_on: date, ends_on: date | None) -> None:
    if ends_on is not None and ends_on < starts_on:
        raise Refused("interval.inverted", "ends_on")


def evolve(mine: Contracts, event: ContractEvent, _version: int) -> Contracts:
    """The contracts after an event."""
    if isinstance(event, ContractSigned):
        said = _said(event)
        return mine.put(event.contract_id, Contract(said, event.signed_at, event.starts_on, event.ends_on, said))
    known = replace(mine[event.contract_id], last=_said(event))
    match event:
        case ContractAmended():
            pass
        case ContractRenewed():
            known = replace(known, ends_on=event.ends_on)
        case ContractEnded():
            known = replace(known, status="ended")
        case _:
            assert_never(event)
    return mine.put(event.contract_id, known)


def _said(event: ContractEvent) -> Fingerprint:
    """What was said, whatever followed from it."""
    return fingerprint(
        event.model_copy(update={"previous_ends_on": None}) if isinstance(event, ContractRenewed) else event
    )


SLICE = Slice("contracts", ContractCommand, ContractEvent, decide, evolve, settle=settle)
