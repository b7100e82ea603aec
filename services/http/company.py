"""The company's rules under a name that a client can say: they are one stream with an id that nobody would guess."""

from typing import Annotated, Any
from uuid import UUID

from pydantic import BeforeValidator, WithJsonSchema

from events.vocabulary.identifiers import COMPANY_POLICY

NAME = "company"
_SHAPE = {
    "type": "string",
    "pattern": rf"^({NAME}|[0-9a-fA-F]{{8}}(-[0-9a-fA-F]{{4}}){{3}}-[0-9a-fA-F]{{12}})$",
    "examples": [NAME],
}


def _named(value: Any) -> Any:
    return COMPANY_POLICY if value == NAME else value


DESCRIPTION = f"`{NAME}`, the company's rules; their id `{COMPANY_POLICY}` says the same"
Policy = Annotated[UUID, BeforeValidator(_named), WithJsonSchema(_SHAPE)]
"""The id of the stream with the company's rules, by name or as it is."""
