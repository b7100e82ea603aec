"""The web application: commands, queries, the event stream, health and the review pages."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from importlib.metadata import version

from fastapi import APIRouter, Depends, FastAPI

from services.application import Zeren
from services.handling import TaskHandler
from services.http import bulk, commands, health, openapi, problems, reference
from services.http.conventions import Conventions
from services.http.door import Application
from services.http.health import Figures, Measured, RelayStatus
from services.http.media import answerable
from services.http.queries import agenda, attribution, audit, coverage, events, handovers, kpis, lives, responsibility
from services.http.queries.customer import clauses, commitments, complaints, contacts, profile, satisfaction
from services.http.queries.kinds import router_of
from services.http.queries.person import directory
from services.http.queries.policy import rules
from services.http.queries.project import progress
from services.http.question_door import QuestionDoor
from services.http.registered import Registered
from services.http.strictness import strictly
from services.questions.catalogue import KINDS
from services.settings import Settings

QUERIES: tuple[APIRouter, ...] = (
    responsibility.router,
    attribution.router,
    coverage.router,
    kpis.router,
    profile.router,
    directory.router,
    progress.router,
    contacts.router,
    satisfaction.router,
    commitments.router,
    complaints.router,
    handovers.router,
    lives.router,
    agenda.router,
    rules.router,
    audit.router,
    events.router,
    *(router_of(kind) for kind in KINDS),
    clauses.router,
)
"""The index of the query side."""

_DESCRIPTION = """\
The accountability ledger for key accounts (大客户). Every change is a command to one customer, project, person or
policy; every answer is computed from immutable events and can be asked at an effective time and as it was known at
another. Errors are RFC 9457 problems; messages follow `Accept-Language` (English or Chinese)."""


def create_app(
    zeren: Zeren, settings: Settings, *, relay: RelayStatus | None = None, pages: Sequence[APIRouter] = ()
) -> FastAPI:
    """The application over an open ledger; `pages` are routers outside `/v1`, such as the review pages."""

    @asynccontextmanager
    async def taking_commands(app: FastAPI) -> AsyncIterator[None]:
        async with zeren.ledger.group_commit() as writer:
            app.state.tasks = TaskHandler(zeren.handler, writer)
            app.state.people = Registered(zeren.ledger)
            yield

    app = Application(
        title="Zeren 责任",
        summary="Who was responsible, how do we know, and did we know it then?",
        description=_DESCRIPTION,
        version=version("zeren"),
        license_info={"name": "Apache-2.0", "identifier": "Apache-2.0"},
        separate_input_output_schemas=True,
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        lifespan=taking_commands,
    )
    app.state.zeren = zeren
    app.state.settings = settings
    app.state.relay = relay
    app.state.figures = Figures()
    problems.install(app)
    app.add_middleware(QuestionDoor)
    app.add_middleware(Conventions)
    app.add_middleware(Measured, figures=app.state.figures)
    for router in (bulk.router, commands.router, *QUERIES):
        asked = [Depends(strictly), Depends(answerable)]
        app.include_router(router, prefix="/v1", dependencies=asked, responses=problems.answers(406))
    app.include_router(health.router)
    app.include_router(reference.router)
    for router in pages:
        app.include_router(router, include_in_schema=False)
    openapi.install(app)
    return app
