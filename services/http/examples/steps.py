"""One step of the story that the examples tell."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from events.vocabulary.identifiers import StreamKind


@dataclass(frozen=True, slots=True)
class Step:
    """A command to a stream."""

    kind: StreamKind
    path: str
    """The command's path."""
    stream: str
    """The id of the stream, or its name."""
    said: Mapping[str, Any]
    """The fields that are not as in the examples of their types."""


def steps_of(kind: StreamKind, stream: str) -> Callable[..., Step]:
    """A maker of steps for one stream."""

    def step(path: str, **said: Any) -> Step:
        return Step(kind, path, stream, said)

    return step
