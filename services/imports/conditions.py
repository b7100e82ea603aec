"""The `when` of a mapping: tests on the values of a row, and on what changed since the row before of the same key."""

from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from services.imports.templates import Lookup

Previous = Mapping[str, str | None]
"""The watched values of the row before."""

Texts = Annotated[tuple[str, ...], Field(min_length=1)]


class Condition(BaseModel):
    """All tests that are given must hold; `""` in `in`, `from` and `to` means absent."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    value: str | None = None
    """The column, or other name, that the tests are about."""
    equals: str | None = None
    is_in: Texts | None = Field(default=None, alias="in")
    present: bool | None = None
    changed: bool | None = None
    """Whether the value differs from that of the row before of the same key; a first row changes from absent."""
    before: Texts | None = Field(default=None, alias="from")
    after: Texts | None = Field(default=None, alias="to")
    first: bool | None = None
    """Whether this is the first row of its key."""
    all: tuple["Condition", ...] = ()
    any: tuple["Condition", ...] = ()
    none: tuple["Condition", ...] = ()

    @model_validator(mode="after")
    def _complete(self) -> Self:
        about_value = (self.equals, self.is_in, self.present, self.changed, self.before, self.after)
        tests = any_given(about_value)
        if tests != (self.value is not None):
            raise ValueError("a test of a value needs both the name of the value and what is asked of it")
        if not (tests or self.all or self.any or self.none or self.first is not None):
            raise ValueError("a condition without a test")
        return self

    @cached_property
    def watches(self) -> bool:
        """Whether a test asks for the row before."""
        return any_given((self.changed, self.before, self.after))

    def parts(self) -> Iterator["Condition"]:
        """This condition and those inside it."""
        yield self
        for inner in (*self.all, *self.any, *self.none):
            yield from inner.parts()

    def holds(self, lookup: Lookup, previous: Previous | None) -> bool:
        """Whether a row meets the condition; `previous` is none for the first row of its key."""
        if self.first is not None and self.first != (previous is None):
            return False
        if self.value is not None and not self._value_holds(lookup, previous):
            return False
        return (
            all(inner.holds(lookup, previous) for inner in self.all)
            and (not self.any or any(inner.holds(lookup, previous) for inner in self.any))
            and not any(inner.holds(lookup, previous) for inner in self.none)
        )

    def _value_holds(self, lookup: Lookup, previous: Previous | None) -> bool:
        name = self.value or ""
        now = lookup(name) or ""
        if self.watches:
            past = (previous or {}).get(name) or ""
            changed = past != now
            if self.changed is not None and self.changed != changed:
                return False
            if self.before is not None and not (changed and past in self.before):
                return False
            if self.after is not None and not (changed and now in self.after):
                return False
        return (
            (self.equals is None or now == self.equals)
            and (self.is_in is None or now in self.is_in)
            and (self.present is None or self.present == bool(now))
        )


def any_given(tests: tuple[object, ...]) -> bool:
    """Whether one of the tests was asked for."""
    return any(test is not None for test in tests)
