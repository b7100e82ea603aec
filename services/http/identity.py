"""Who is asking. This release knows development access only; everything else is refused."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Annotated
from uuid import UUID

from fastapi import Depends, Header, Request

from commands.base import Command
from events.recorded import Actor, Context
from events.vocabulary.identifiers import PersonId
from services.handling import context
from services.http.problems import ProblemError
from services.settings import Settings

_CHALLENGE = {"WWW-Authenticate": "Dev"}


@dataclass(frozen=True, slots=True)
class Identity:
    """Somebody who may do everything: development access has no finer rights."""

    actor: Actor
    on_behalf_of: PersonId | None = None

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
        UUID | None, Header(alias="X-On-Behalf-Of", description="The person for whom an assistant or a system acts")
    ] = None,
) -> Identity:
    """The identity behind the credentials.

    Raises:
        ProblemError: 401 where there are none, or none that this release accepts.
    """
    return admit(request.app.state.settings, authorization, x_on_behalf_of)


def admit(settings: Settings, authorization: str | None, on_behalf_of: UUID | None) -> Identity:
    """The identity behind credentials: the one gate, asked by every route and by both short ways.

    Raises:
        ProblemError: 401 where there are none, or none that this release accepts.
    """
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
        return Identity(f"person:{UUID(credential)}", principal)
    except ValueError as unreadable:
        raise ProblemError(401, "auth.invalid", headers=_CHALLENGE) from unreadable


Caller = Annotated[Identity, Depends(identify)]
