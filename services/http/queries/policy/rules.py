"""The company's rules over HTTP."""

from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Path, Query, Response

from events.vocabulary.identifiers import COMPANY_POLICY
from projections.policy.rules.questions import EDITIONS
from services.http.asking import Times, at
from services.http.company import DESCRIPTION, Policy
from services.http.conditions import SINGLE, Conditions
from services.http.identity import identify
from services.http.paging import Paging, page_of
from services.http.problems import ProblemError, answers
from services.questions.asked import asked
from services.questions.policy import rules
from services.questions.policy.rules import VIEWS, Edition, EditionPage, PolicyAnswer, PolicyName

router = APIRouter(
    prefix="/policies", tags=["policies"], dependencies=[Depends(identify)], responses=answers(401, 422, 503)
)


@router.get("", summary="The company's rules", operation_id="policy-edition-list")
def edition_list(
    paged: Annotated[Paging, page_of(*VIEWS)],
    policy: Annotated[PolicyName | None, Query(description="Only editions of this rule set")] = None,
    in_force: Annotated[
        bool | None, Query(description="Only editions that count for what happens at `effective_at`, or that do not")
    ] = None,
    sort: Annotated[
        Literal["edition", "-edition"], Query(description="By rule set and number; `-` turns it round")
    ] = "edition",
) -> EditionPage:
    """Every edition of every rule set, in full."""
    moment = paged.moment()
    found, link = paged.found(EDITIONS, sort, {"policy": policy, "in_force": in_force}, moment)
    return EditionPage(items=[Edition.model_validate(row) for row in found.rows], next=link, **asked(moment))


@router.get(
    "/{id}", summary="The rules that count", operation_id="policy-one", response_model=PolicyAnswer, responses=SINGLE
)
def company(
    conditions: Conditions,
    identifier: Annotated[Policy, Path(alias="id", description=DESCRIPTION)],
    times: Annotated[Times, at(*VIEWS)],
) -> Response:
    """The editions that count for what happens at `effective_at`, and the version that a new edition has to follow."""
    if identifier != COMPANY_POLICY:
        raise ProblemError(404, "not-found")
    return conditions.answered(rules.company(times.views, times.moment()))
