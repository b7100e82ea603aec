"""Cuts the body of a bulk request into its commands, one after another, and stops where they are too many."""

import re
from collections.abc import Iterator

from services.http import body
from services.http.problems import ProblemError

LARGEST = 10_000
VALUES = 1_000_000
"""How many values the commands of a bulk request have at most: a hundred each where there are as many as may be."""
_LINES = 10 * LARGEST
"""How many lines may be, with those that are empty."""
_LINE = re.compile(rb"[^\n]+")
_MARK = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"?|[\[\]{},]', re.DOTALL)
_MARKS = 6 * body.VALUES
"""How many marks an element may have: each value has a name, a text, a comma and a pair of brackets at most."""
_SPACE = re.compile(rb"[ \t\r\n]*")


def cut(raw: bytes) -> list[bytes]:
    """The commands of a body, NDJSON or one JSON array, each as it was written.

    Raises:
        ProblemError: 413, they are too many or have too many values, or nobody can tell where an element ends within
            the length of a command; 400, the array cannot be read.
    """
    start = _end_of_space(raw, 0)
    array = raw[start : start + 1] == b"["
    parts: list[bytes] = []
    values = 0
    for part in _elements(raw, start + 1) if array else _lines(raw):
        if len(parts) == LARGEST:
            raise ProblemError(413, "request.too-large", details={"commands": str(LARGEST)})
        # What is too long for a command is refused later, by itself.
        values += body.values_in(part) if len(part) <= body.COMMAND_LIMIT else 0
        if values > VALUES:
            raise ProblemError(413, "request.too-large", details={"values": str(VALUES)})
        if array:
            # One that cannot be read makes the array unreadable.
            body.parse(part)
        parts.append(part)
    return parts


def _end_of_space(raw: bytes, at: int) -> int:
    found = _SPACE.match(raw, at)
    return found.end() if found else at


def _lines(raw: bytes) -> Iterator[bytes]:
    if raw.count(b"\n") > _LINES:
        raise ProblemError(413, "request.too-large", details={"commands": str(LARGEST)})
    for found in _LINE.finditer(raw):
        line = found[0].strip()
        if line:
            yield line


def _elements(raw: bytes, at: int) -> Iterator[bytes]:
    """The elements of an array that begins before `at`, told apart by brackets and commas outside texts."""
    begin, depth, marks, empty = at, 0, 0, True
    while True:
        # No further than the comma after one element may be, so that none of these steps takes long.
        mark = _MARK.search(raw, at, begin + body.COMMAND_LIMIT + 1)
        if mark is None:
            body.require_few(raw[begin:])
            raise ProblemError(400, "request.unreadable")
        at, sign, marks = mark.end(), mark[0], marks + 1
        if marks > _MARKS:
            raise ProblemError(413, "request.too-large", details={"values": str(body.VALUES)})
        if sign in {b"{", b"["}:
            depth += 1
            if depth > body.DEPTH:
                raise ProblemError(400, "request.too-deep")
        elif depth and sign in {b"}", b"]"}:
            depth -= 1
        elif not depth and sign in {b",", b"]"}:
            element = raw[begin : mark.start()].strip()
            if element:
                yield element
            elif not empty or sign == b",":
                raise ProblemError(400, "request.unreadable")
            begin, marks, empty = at, 0, False
            if sign == b"]":
                break
    if _end_of_space(raw, at) < len(raw):
        raise ProblemError(400, "request.unreadable")
