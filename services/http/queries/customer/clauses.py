"""A clause of a contract month by month, over HTTP."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Path

from services.http.asking import Times, at
from services.http.identity import identify
from services.http.problems import answers
from services.http.queries.kpis import PeriodName, known_period
from services.questions.customer import clauses
from services.questions.customer.clauses import ClauseAnswer

router = APIRouter(
    prefix="/contracts", tags=["contracts"], dependencies=[Depends(identify)], responses=answers(401, 422, 503)
)


@router.get("/{id}/clauses/{clause}", summary="A clause month by month", operation_id="contract-clause")
def clause_by_month(
    identifier: Annotated[UUID, Path(alias="id", description="Id of the contract")],
    clause: Annotated[str, Path(description="The clause, for example `4.2`", max_length=200)],
    period: PeriodName,
    times: Annotated[Times, at(*clauses.VIEWS)],
) -> ClauseAnswer:
    """Who owned what the clause asked for in each month of a period, and whether it was met."""
    return clauses.clause(times.views, identifier, clause, known_period(period), times.moment())
