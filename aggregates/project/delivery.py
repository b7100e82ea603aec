"""What the slices of a project may know of one another."""

from typing import Protocol

from aggregates.responsibility.state import Accountable


class Delivery(Accountable, Protocol):
    """A project, as its slices see it."""

    @property
    def initiation(self) -> "Decided":
        """How it started."""
        ...


class Decided(Protocol):
    """How a project started, as far as others ask."""

    @property
    def decision(self) -> str | None:
        """`approved` or `rejected` by leadership; none while undecided."""
        ...
