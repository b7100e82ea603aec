"""The lives of items of every kind over HTTP."""

from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Query

from events.vocabulary.items import ITEM_KINDS
from projections.lives.questions import LIVES
from services.http.filters import HeldBy, Late, OfCustomer
from services.http.identity import identify
from services.http.paging import Paging, page_of
from services.http.problems import answers
from services.questions import lives
from services.questions.asked import asked
from services.questions.lives import LifePage

router = APIRouter(prefix="/lives", tags=["lives"], dependencies=[Depends(identify)], responses=answers(401, 422, 503))

_KINDS = [kind.name for kind in ITEM_KINDS if kind.open]
OfKind = Annotated[
    str | None,
    Query(
        description=f"Only items of this kind: {', '.join(_KINDS)}",
        pattern=f"^({'|'.join(_KINDS)})$",
        json_schema_extra={"enum": [*_KINDS]},
    ),
]


@router.get("", summary="What was every item?", operation_id="life-list")
def life_list(
    paged: Annotated[Paging, page_of(*lives.VIEWS)],
    kind: OfKind = None,
    status: Annotated[
        str | None, Query(description="Only those that are so, in the words of their kind", pattern=r"^[a-z-]{1,40}$")
    ] = None,
    still_open: Annotated[
        bool | None, Query(alias="open", description="Only those that are open at `effective_at`, or that are not")
    ] = None,
    late: Late = None,
    holder: HeldBy = None,
    customer: OfCustomer = None,
    sort: Annotated[
        Literal["-since", "since"], Query(description="The order; `-` shows what changed last first")
    ] = "-since",
) -> LifePage:
    """Items of every kind as they were at `effective_at`: status, due time, lateness, and who held them.

    An item that did not exist then is not listed.
    """
    moment = paged.moment()
    filters = {
        "at": moment.effective_at,
        "kind": kind,
        "status": status,
        "open": still_open,
        "late": late,
        "holder": holder,
        "customer": customer,
    }
    found, link = paged.found(LIVES, sort, filters, moment)
    return LifePage(items=[lives.life(row) for row in found.rows], next=link, **asked(moment))
