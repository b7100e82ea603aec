"""What every event shares: it is frozen, complete, and has a permanent name of its own."""

from collections.abc import Callable, Mapping
from typing import Any, ClassVar

from pydantic import BaseModel, ConfigDict

Upcaster = Callable[[dict[str, Any]], dict[str, Any]]
"""Turns the stored data of one shape into that of the next."""


class Event(BaseModel):
    """A fact as it is written on disk; subclasses state their permanent `name` and shape `version`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    event_name: ClassVar[str]
    """The permanent name."""
    class_version: ClassVar[int]
    upcasters: ClassVar[Mapping[int, Upcaster]]

    def __init_subclass__(
        cls,
        *,
        name: str,
        version: int = 1,
        upcasters: Mapping[int, Upcaster] | None = None,
        **kwargs: Any,
    ) -> None:
        """Give the class its name; `upcasters[n]` turns the data of version n into that of n + 1."""
        super().__init_subclass__(**kwargs)
        cls.event_name = name
        cls.class_version = version
        cls.upcasters = dict(upcasters or {})
        if sorted(cls.upcasters) != list(range(1, version)):
            raise TypeError(f"{name}: one upcaster for each version below {version} is needed")

    @property
    def written(self) -> bytes:
        """What it says, as JSON in UTF-8: `model_dump_json` without a detour over text."""
        return self.__pydantic_serializer__.to_json(self)
