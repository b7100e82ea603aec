"""The handovers: from whom to whom, with which open items, and how it ended."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from pydantic import BaseModel, Field

from projections.kpis.definitions import Code
from services.questions.asked import Asked, Versioned

VIEWS = ("handovers", "lives")
HandoverStatus = Literal["proposed", "accepted", "declined", "cancelled", "lapsed"]


class HandedItem(BaseModel):
    """An open item that the leaver held."""

    item: str = Field(description="`commitment:ID` or `complaint:ID`")
    due_at: datetime | None = Field(description="When it is due; null while it waits on the customer")
    overdue: bool = Field(description="Whether it was overdue at the effective time: inherited overdue")
    assignment_id: UUID | None = Field(description="The leaver's own assignment on the item")


class MovedFigure(BaseModel):
    """The figure of a KPI for a month in which cases are charged to somebody else."""

    kpi: Code = Field(description="Code of the KPI")
    definition_version: int = Field(description="Version of the KPI's definition that they are cases of")
    period: str = Field(description="The month, `2025-03`")
    cases: int = Field(
        description="How many cases are charged to the successor instead of the leaver, in whole or in part, under the "
        "rule of the KPI"
    )


class Moves(BaseModel):
    """What a handover in the past moves once it is accepted."""

    position: int = Field(description="What had been recorded up to this log position was taken into account")
    figures: list[MovedFigure] = Field(description="By KPI and month; every other figure stays")


class Handover(Versioned):
    """One handover."""

    handover_id: UUID = Field(description="Id of the handover")
    stream: str = Field(description="`customer:ID` or `project:ID`")
    assignment_id: UUID = Field(description="The assignment that is handed over")
    from_person: UUID = Field(description="Who leaves")
    to_person: UUID = Field(description="Who takes over")
    effective_at: datetime = Field(description="When responsibility moves, once accepted")
    status: HandoverStatus = Field(description="How far it had got at `effective_at`")
    inventory: list[HandedItem] = Field(description="The open items as proposed; as accepted, once it was")
    moves: Moves | None = Field(
        description="The figures that it moves, as asked when it was proposed; null unless it was to take effect in "
        "the past, and for a project, which no figure is about"
    )
    events: list[UUID] = Field(description="Ids of the events that prove it")


class HandoverPage(Asked):
    """One page of handovers."""

    items: list[Handover] = Field(description="In the asked order")
    next: str | None = Field(description="Address of the next page; null on the last one")
