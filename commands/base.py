"""What every command shares."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar, Never, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic.json_schema import JsonSchemaValue, SkipJsonSchema
from pydantic_core import CoreSchema, PydanticCustomError, PydanticKnownError, core_schema

from events.vocabulary.values import Instant, Reason, say_what_null_means

T = TypeVar("T")

LONGEST = 200
"""How many entries a list in a command has at most; events of an earlier release may have more."""
Short = Annotated[T, Field(max_length=LONGEST)]
"""A list, or an object with names of the client's, of no more entries than that."""


def require_short(length: int, limit: int = LONGEST) -> None:
    """Refuse what has more entries than the limit."""
    if length > limit:
        raise PydanticKnownError("too_long", {"field_type": "List", "max_length": limit, "actual_length": length})


@dataclass(frozen=True, slots=True)
class AtMost:
    """How many entries the lists of a value that events have too may have in a command."""

    limits: Mapping[str, int]
    """By field."""

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        """The value, then its lists."""
        return core_schema.no_info_after_validator_function(self._within, handler(source))

    def _within(self, value: T) -> T:
        for field, limit in self.limits.items():
            require_short(len(getattr(value, field)), limit)
        return value

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        """What documents say of the lists."""
        said = handler(schema)
        fields = handler.resolve_ref_schema(said)["properties"]
        for field, limit in self.limits.items():
            fields[field]["maxItems"] = limit
        return said


def _unknown(_given: object) -> Never:
    raise PydanticCustomError("extra_forbidden", "Extra inputs are not permitted")


CARRIED = BeforeValidator(_unknown)
Carried = Annotated[T | None, CARRIED, SkipJsonSchema()]
"""An answer that a command is completed with before it is decided; whoever gives the command has no such field."""


class Command(BaseModel):
    """An order to one stream; the actor and the stream are given beside it.

    The line under a field says in the API's document what it means.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)

    internal: ClassVar[bool] = False
    """Whether only processes of ours give it, never a client."""

    clears: ClassVar[frozenset[str]] = frozenset()
    """The fields that null clears; anywhere else it says no more than absence."""

    reason: Reason | None = None
    """Why, in the actor's words."""
    occurred_at: Instant | None = None
    """When it happened in the business, where no other field says so."""

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        """What documents say of it."""
        return say_what_null_means(handler.resolve_ref_schema(handler(schema)), cls.clears)

    @classmethod
    def path(cls) -> str:
        """The command's name in URLs: `AssignResponsibility` is `assign-responsibility`."""
        return re.sub(r"(?<=[a-z])(?=[A-Z])", "-", cls.__name__).lower()

    def gives(self, field: str) -> bool:
        """Whether the sender gave the field at all, be it as null."""
        return field in self.model_fields_set
