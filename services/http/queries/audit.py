"""The audit trail over HTTP: as pages, or whole as CSV or NDJSON."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, Query
from fastapi.responses import Response, StreamingResponse

from projections.audit.questions import ENTRIES
from services.http.exports import CSV, JSON, NDJSON, as_csv, lines_of, ndjson, wanted_of
from services.http.filters import From, To, between
from services.http.identity import identify
from services.http.paging import Paging, page_of
from services.http.problems import answers
from services.questions.asked import asked
from services.questions.audit import VIEWS, AuditEntry, AuditPage
from services.questions.pages import Wanted, page
from services.questions.views import Moment, Views

router = APIRouter(
    prefix="/audit", tags=["audit"], dependencies=[Depends(identify)], responses=answers(401, 406, 422, 503)
)

_COLUMNS = [name for name in AuditEntry.model_fields if name != "data"]
_CHUNK = 1000


@router.get(
    "",
    summary="Who changed what, when and why?",
    operation_id="audit-trail",
    response_model=AuditPage,
    responses={
        200: {
            "description": "A page as JSON; with `Accept: text/csv` (UTF-8 with BOM) or `application/x-ndjson` "
            "everything that matches.",
            "content": {
                CSV: lines_of(AuditEntry, "A line with the names of the fields, then one for each entry"),
                NDJSON: lines_of(AuditEntry),
            },
        }
    },
)
def audit(
    paged: Annotated[Paging, page_of(*VIEWS)],
    stream: Annotated[str | None, Query(description="Only of this stream, `customer:ID`", max_length=60)] = None,
    item: Annotated[
        str | None, Query(description="Only about this item, `commitment:ID` or `assignment:ID`", max_length=60)
    ] = None,
    actor: Annotated[
        str | None, Query(description="Only by this actor: `person:ID`, `system` or a rule", max_length=200)
    ] = None,
    name: Annotated[str | None, Query(description="Only events of this name", max_length=100)] = None,
    since: From = None,
    until: To = None,
    correlation: Annotated[UUID | None, Query(description="Only what followed from one request")] = None,
    sort: Annotated[
        Literal["position", "-position"], Query(description="The order; `-position` shows the newest first")
    ] = "position",
) -> AuditPage | Response:
    """The audit trail with old and new values; `from` and `to` bound the recorded time."""
    kind = wanted_of(paged.request, JSON, CSV, NDJSON)
    filters: dict[str, Any] = {
        "stream": stream,
        "item": item,
        "actor": actor,
        "name": name,
        "correlation": correlation,
        **between(since, until),
    }
    moment = paged.moment()
    if kind == JSON:
        found, link = paged.found(ENTRIES, sort, filters, moment)
        return AuditPage(items=[AuditEntry.model_validate(row) for row in found.rows], next=link, **asked(moment))
    entries = _all(paged.views, replace(paged.wanted(ENTRIES, sort, filters), limit=_CHUNK), moment)
    lines = as_csv(entries, _COLUMNS) if kind == CSV else ndjson(entries)
    return StreamingResponse(
        lines,
        media_type=f"{kind}; charset=utf-8",
        headers={
            "Content-Disposition": f'attachment; filename="audit.{"csv" if kind == CSV else "ndjson"}"',
            "Zeren-Known-Position": str(moment.known_position),
            "Zeren-Position": str(moment.position),
        },
    )


def _all(views: Views, wanted: Wanted, moment: Moment) -> Iterator[AuditEntry]:
    while True:
        found = page(views, ENTRIES, wanted, moment)
        for row in found.rows:
            yield AuditEntry.model_validate(row)
        if found.last is None:
            return
        wanted = replace(wanted, after=found.last)
