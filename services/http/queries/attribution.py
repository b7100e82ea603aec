"""Who is charged, over HTTP."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query

from projections.attribution.rules import RULES, Rule
from services.http.asking import Times, at
from services.http.identity import identify
from services.http.problems import ProblemError, answers
from services.questions import attribution
from services.questions.attribution import Attribution, ItemUnknownError

router = APIRouter(
    prefix="/attribution",
    tags=["responsibility"],
    dependencies=[Depends(identify)],
    responses=answers(401, 404, 422, 503),
)

ItemName = Annotated[
    str,
    Query(
        description=" or ".join(f"`{kind}:ID`" for kind in attribution.ITEM_KINDS),
        pattern=rf"^({'|'.join(attribution.ITEM_KINDS)}):[0-9a-f]{{8}}(-[0-9a-f]{{4}}){{3}}-[0-9a-f]{{12}}$",
    ),
]
RuleName = Annotated[
    str,
    Query(
        description=f"The rule that decides who is charged: {', '.join(f'`{rule}`' for rule in RULES)}",
        max_length=63,
        json_schema_extra={"enum": list(RULES)},
    ),
]


def known_rule(name: str, field: str) -> Rule:
    """The rule of that name.

    Raises:
        ProblemError: 422, there is none.
    """
    for rule in RULES:
        if rule == name:
            return rule
    raise ProblemError(422, "rule.unknown", field=field, details={"known": ", ".join(RULES)})


@router.get("", summary="Who is charged?", operation_id="attribution")
def ask(item: ItemName, rule: RuleName, times: Annotated[Times, at(*attribution.VIEWS)]) -> Attribution:
    """Who is charged with a fact under a named rule, with shares that make 1, and apart from them who did it."""
    named = known_rule(rule, "rule")
    kind, _, identifier = item.partition(":")
    try:
        return attribution.attribution(times.views, kind, UUID(identifier), named, times.moment())
    except ItemUnknownError as unknown:
        raise ProblemError(404, "not-found", field="item") from unknown
