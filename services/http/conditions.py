"""Conditional requests (RFC 9110, section 13): whether what a client has read is still so."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import blake2b
from typing import Annotated, Any

from fastapi import Depends, Header, Request, Response

from services.handling import Condition, VersionMismatchError
from services.http.problems import ProblemError, answers
from services.questions.asked import MOMENT, Single

_TAG = re.compile(r'(W/)?"([\x21\x23-\x7e\x80-\xff]*)"')
_LIST = re.compile(rf"[ \t,]*{_TAG.pattern}(?:[ \t]*,[ \t,]*{_TAG.pattern})*[ \t,]*")
_VERSION = re.compile(r"([0-9]{1,18})(?:\.[0-9a-f]{16})?")
_ONE = re.compile(rf'"{_VERSION.pattern}"')

IfMatch = Annotated[
    str | None,
    Header(
        alias="If-Match",
        description='Only if the stream is still at the version of this `ETag`, `"17"`; any of a list, or `*` for any',
        examples=['"1"'],
    ),
]
IfNoneMatch = Annotated[
    str | None,
    Header(
        alias="If-None-Match",
        description="Only if it is at none of these versions; `*`: only if nothing was recorded yet",
    ),
]
IfUnchanged = Annotated[
    str | None,
    Header(alias="If-Match", description="Only if the answer, or its stream's version, is one of these"),
]
IfChanged = Annotated[
    str | None,
    Header(
        alias="If-None-Match",
        description="`ETag` of an answer at hand: 304 where it is still right, whatever the time is",
    ),
]


@dataclass(frozen=True, slots=True)
class Tags:
    """The entity tags of a condition."""

    anything: bool = False
    """Whether it is `*`."""
    strong: frozenset[str] = frozenset()
    weak: frozenset[str] = frozenset()

    def versions(self) -> frozenset[int]:
        """The versions of the stream that the strong ones name: an answer's tag begins with it, a receipt's is it."""
        return _versions(self.strong)


def _versions(tags: Iterable[str]) -> frozenset[int]:
    return frozenset(int(found[1]) for found in map(_VERSION.fullmatch, tags) if found)


def read_tags(written: str | None, code: str, field: str) -> Tags | None:
    """The condition in a header.

    Raises:
        ProblemError: 422, it is neither `*` nor a list of entity tags.
    """
    if written is None:
        return None
    if written.strip(" \t") == "*":
        return Tags(anything=True)
    if not _LIST.fullmatch(written):
        raise ProblemError(422, code, field=field)
    found = _TAG.findall(written)
    return Tags(
        strong=frozenset(tag for weak, tag in found if not weak), weak=frozenset(tag for weak, tag in found if weak)
    )


def condition(if_match: str | None, if_none_match: str | None) -> Condition | int | None:
    """The condition of a command on its stream: weak tags never match what must be the very same.

    Raises:
        ProblemError: 422, as `read_tags`.
    """
    if if_match is None and if_none_match is None:
        return None
    one = _ONE.fullmatch(if_match) if if_match is not None and if_none_match is None else None
    if one is not None:
        return int(one[1])
    some = read_tags(if_match, "if-match.invalid", "If-Match")
    none = read_tags(if_none_match, "if-none-match.invalid", "If-None-Match")
    return Condition(
        begun=some is not None and some.anything,
        fresh=none is not None and none.anything,
        some=None if some is None or some.anything else some.versions(),
        none=frozenset() if none is None else _versions(none.strong | none.weak),
    )


@dataclass(frozen=True, slots=True)
class Asking:
    """The conditions of a question for one thing."""

    some: Tags | None
    none: Tags | None

    def answered(self, answer: Single) -> Response:
        """The answer with its `ETag`, or 304 where the client has the same at hand.

        The tag is the version of the stream and a digest of all that is told, but for the moment it was asked at.

        Raises:
            VersionMismatchError: `If-Match` names another answer.
        """
        told = answer.model_dump_json(by_alias=True, exclude=set(MOMENT))
        tag = f"{answer.version}.{blake2b(told.encode(), digest_size=8).hexdigest()}"
        headers = {"ETag": f'"{tag}"'}
        ours = {tag, str(answer.version)}
        if self.some is not None and not (self.some.anything or ours & self.some.strong):
            raise VersionMismatchError(answer.version)
        if self.none is not None and (self.none.anything or ours & (self.none.strong | self.none.weak)):
            return Response(status_code=304, headers=headers)
        return Response(answer.model_dump_json(by_alias=True), media_type="application/json", headers=headers)


async def _asking(request: Request, _match: IfUnchanged = None, _none_match: IfChanged = None) -> Asking:
    return Asking(
        read_tags(joined(request, "if-match"), "if-match.invalid", "If-Match"),
        read_tags(joined(request, "if-none-match"), "if-none-match.invalid", "If-None-Match"),
    )


Conditions = Annotated[Asking, Depends(_asking)]
_ETAG = {
    "ETag": {
        "description": "The version of the stream, and a digest of the answer; `If-Match` takes it",
        "schema": {"type": "string"},
        "example": '"17.6c0f3f1d9a52e7b4"',
    }
}
SINGLE: dict[int | str, dict[str, Any]] = {
    200: {"headers": _ETAG},
    304: {"description": "What the client has at hand is still right.", "headers": _ETAG},
    **answers(404, 412),
}
"""What a route for one thing may answer, for its OpenAPI entry."""


def joined(request: Request, name: str) -> str | None:
    """A header that may come in several lines, as one list."""
    lines = request.headers.getlist(name)
    return ", ".join(lines) if lines else None
