"""The list and the single answer of a kind of item over HTTP, made from the declaration of its view."""

from inspect import Parameter, Signature
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, Path, Query, Response

from services.http.asking import Times, at
from services.http.conditions import SINGLE, Asking, Conditions
from services.http.filters import DueFrom, DueTo, HeldBy, OfCustomer, Overdue
from services.http.identity import identify
from services.http.paging import Paging, page_of
from services.http.problems import ProblemError, answers
from services.questions.asked import Asked, asked
from services.questions.kinds import Kind


def router_of(kind: Kind) -> APIRouter:
    """`GET /PLURAL` with filters, order and pages, and `GET /PLURAL/ID`, both at two times."""
    named = kind.view.kind
    router = APIRouter(
        prefix=f"/{named.plural}",
        tags=[named.plural],
        dependencies=[Depends(identify)],
        responses=answers(401, 422, 503),
    )

    def listed(paged: Paging, sort: str, **filters: Any) -> Asked:
        moment = paged.moment()
        found, link = paged.found(kind.view.listing, sort, filters, moment)
        return kind.page(items=[kind.shown(row, moment) for row in found.rows], next=link, **asked(moment))

    def one(identifier: UUID, times: Times, conditions: Asking) -> Response:
        found = kind.one(times.views, identifier, times.moment())
        if found is None:
            raise ProblemError(404, "not-found")
        return conditions.answered(found)

    identifier = Annotated[UUID, Path(alias="id", description="Its id")]
    _with_signature(listed, _list_parameters(kind))
    times = Annotated[Times, at(*kind.views)]
    _with_signature(one, {"identifier": (identifier, None), "times": (times, None), "conditions": (Conditions, None)})
    router.add_api_route(
        "",
        listed,
        response_model=kind.page,
        summary=named.plural.capitalize(),
        description=f"{named.plural.capitalize()} that were there at `effective_at`, as they were then.",
        operation_id=f"{named.name}-list",
    )
    router.add_api_route(
        "/{id}",
        one,
        response_model=kind.answer,
        summary=f"One {named.name}",
        description=f"The {named.name} as it was at `effective_at`.",
        operation_id=f"{named.name}-one",
        responses=SINGLE,
    )
    return router


_Parameters = dict[str, tuple[Any, Any]]
"""Name → annotation and default; none has no default."""


def _list_parameters(kind: Kind) -> _Parameters:
    view = kind.view
    found: _Parameters = {"paged": (Annotated[Paging, page_of(*kind.views)], None), "customer": (OfCustomer, ...)}
    if view.kind.held:
        found |= {"holder": (HeldBy, ...), "overdue": (Overdue, ...)}
        found |= {"due_from": (DueFrom, ...), "due_to": (DueTo, ...)}
    found["status"] = _asked(kind.model.model_fields["status"].annotation, "Only those that are so"), ...
    found |= {name: (_asked(one.type, one.description), ...) for name, one in view.filters.items()}
    order: Any = Literal.__getitem__((view.order, f"-{view.order}"))
    return found | {"sort": (Annotated[order, Query(description="The order; `-` turns it round")], view.order)}


def _asked(type_: Any, description: str) -> Any:
    optional: Any = type_ | None
    return Annotated[optional, Query(description=description)]


def _with_signature(endpoint: Any, parameters: _Parameters) -> None:
    """Let FastAPI see these parameters; `...` is the default null, None is none."""
    endpoint.__signature__ = Signature(
        [
            Parameter(
                name,
                Parameter.KEYWORD_ONLY,
                annotation=annotation,
                default=Parameter.empty if default is None else None if default is ... else default,
            )
            for name, (annotation, default) in parameters.items()
        ]
    )
