"""Commands made up from the types of their fields: what nobody writes out by hand for a random history."""

import random
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin, get_type_hints
from uuid import UUID

from pydantic import AwareDatetime, BaseModel

from commands.base import Command


class Maker:
    """Makes values by type; `identifier` says which item or person, from the type's name, `NeedId`."""

    def __init__(self, dice: random.Random, moments: list[datetime], identifier: Callable[[str], UUID]) -> None:
        self.dice = dice
        self.moments = moments
        self.identifier = identifier

    def command(self, command: type[Command]) -> Command:
        """A command with a reason, at no other time than its own fields say."""
        made = self._instance(command, leaving_out=set(Command.model_fields))
        return command.model_validate({**made, "reason": "补录"})

    def _instance(self, model: type[BaseModel], leaving_out: set[str]) -> dict[str, Any]:
        hints = get_type_hints(model, include_extras=True)
        return {name: self._value(hints[name]) for name in model.model_fields if name not in leaving_out}

    def _value(self, annotation: Any) -> Any:
        if hasattr(annotation, "__supertype__"):
            return self.identifier(annotation.__name__)
        arguments = get_args(annotation)
        match get_origin(annotation):
            case origin if origin in {Union, UnionType}:
                return self._value(self.dice.choice(arguments))
            case origin if origin is Literal:
                return self.dice.choice(arguments)
            case origin if origin is Annotated:
                return self._value(annotation.__origin__)
            case origin if origin is tuple:
                return [self._value(arguments[0]) for _ in range(self.dice.randrange(3))]
        if isinstance(annotation, type) and issubclass(annotation, BaseModel):
            return self._instance(annotation, leaving_out=set())
        at = self.dice.choice(self.moments)
        plain: dict[Any, Any] = {
            AwareDatetime: at,
            date: at.date(),
            str: "note",
            Decimal: Decimal("99.5"),
            bool: True,
            NoneType: None,
        }
        return plain[annotation]
