"""Who is asking. This release knows development access only; everything else is refused."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Annotated
from uuid import UUID

from fastapi import Depends, Header, Request
from fastapi.datastructures import State

from commands.base import Command
from events.recorded import Actor, Context
from events.vocabulary.identifiers import PersonId
from services.handling import context
from services.http.problems import ProblemError
from services.http.registered import Registered
from services.settings import Settings

_CHALLENGE = {"WWW-Authenticate": "Dev"}


@dataclass(frozen=True, slots=True)
class Identity:
    """Somebody who may do everything: development access has no finer rights."""

    actor: Actor
    on_behalf_of: PersonId | None = None
    person: PersonId | None = None
    """Who acts; nobody where the system does."""

    def context(self, command: Command) -> Context:
        """The why of a command that this identity gives now."""
        return context(self.actor, self.on_behalf_of, command)


async def identify(
    request: Request,
    authorization: Annotated[
        str | None,
        # As OpenAPI has it, the document tells of this header as a security scheme, and not as a parameter.
        Header(include_in_schema=False),
    ] = None,
    x_on_behalf_of: Annotated[
        UUID | None,
        Header(alias="X-On-Behalf-Of", description="The registered person for whom an assistant or a system acts"),
    ] = None,
) -> Identity:
    """The identity behind the credentials.

    Raises:
        ProblemError: as for `admit`.
    """
    return await admit(request.app.state, authorization, x_on_behalf_of)


async def admit(state: State, authorization: str | None, on_behalf_of: UUID | None) -> Identity:
    """The identity behind credentials: the one gate, asked by every route and by both short ways.

    `state` is that of the application.

    Raises:
        ProblemError: 401 where there are none, none that this release accepts, or those of somebody who was never
            registered; 422 where the principal was not.
    """
    identity = _read(state.settings, authorization, on_behalf_of)
    people: Registered = state.people
    if identity.person is not None and not await people.has(identity.person):
        raise ProblemError(401, "auth.person-unknown", headers=_CHALLENGE)
    if identity.on_behalf_of is not None and not await people.has(identity.on_behalf_of):
        raise ProblemError(422, "auth.principal-unknown", field="X-On-Behalf-Of")
    return identity


def _read(settings: Settings, authorization: str | None, on_behalf_of: UUID | None) -> Identity:
    if not settings.dev_auth:
        raise ProblemError(401, "auth.required", headers=_CHALLENGE)
    scheme, _, credential = (authorization or "").partition(" ")
    if scheme.lower() != "dev":
        raise ProblemError(401, "auth.required" if authorization is None else "auth.invalid", headers=_CHALLENGE)
    return _identity(credential, on_behalf_of)


@lru_cache(4096)
def _identity(credential: str, on_behalf_of: UUID | None) -> Identity:
    principal = PersonId(on_behalf_of) if on_behalf_of else None
    if credential == "system":
        return Identity("system", principal)
    try:
        person = PersonId(UUID(credential))
    except ValueError as unreadable:
        raise ProblemError(401, "auth.invalid", headers=_CHALLENGE) from unreadable
    return Identity(f"person:{person}", principal, person)


Caller = Annotated[Identity, Depends(identify)]
