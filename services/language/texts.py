"""The texts as they stand in the TOML files beside this module, each in every language.

A text that is missing is a failing test; in a running system its key is shown in its place, so that it is seen.
"""

import re
import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from services.language.negotiation import Language

Texts = Mapping[str, Mapping[str, str]]
"""Dotted key → language → text."""

_SEGMENT = re.compile(r"\[(?:(?P<given>\w+)\?)?(?P<shown>[^\[\]|]*)(?:\|(?P<otherwise>[^\[\]|]*))?\]")
_SLOT = re.compile(r"\{(\w+)\}")
_SEAM = re.compile(r"[\u3400-\u9fff][A-Za-z0-9…]|[A-Za-z0-9%][\u3400-\u9fff]")


@cache
def texts(name: str) -> Texts:
    """All texts of one file, for example `labels`."""
    source = files("services.language").joinpath(f"{name}.toml").read_text(encoding="utf-8")
    return dict(_leaves("", tomllib.loads(source)))


def _leaves(key: str, table: dict[str, Any]) -> Iterator[tuple[str, Mapping[str, str]]]:
    if table and all(isinstance(value, str) for value in table.values()):
        yield key, table
        return
    for name, value in table.items():
        yield from _leaves(f"{key}.{name}" if key else name, value)


def text(name: str, key: str, language: Language) -> str | None:
    """One text of one file; none where the key or the language is missing."""
    return texts(name).get(key, {}).get(language)


@cache
def slots_of(template: str) -> frozenset[str]:
    """Every slot that a template reads."""
    conditions = (segment["given"] for segment in _SEGMENT.finditer(template))
    return frozenset(_SLOT.findall(template)) | frozenset(name for name in conditions if name)


def fill(template: str, slots: Mapping[str, str]) -> str:
    """The template with its slots filled; what fills them is never read as a template.

    `{due_at}` is a slot. `[ until {until}| from then on]` shows its first half where every slot in it holds something,
    else the second, which may be absent. `[agreed? with consent| without]` asks for a slot that it does not show.
    A slot that holds nothing is shown as it stands, unless it is in such a segment. Between a Chinese character and a
    Latin letter, a digit or a short id, a space is set where text and slot meet.
    """

    def chosen(segment: re.Match[str]) -> str:
        asked = [segment["given"]] if segment["given"] else _SLOT.findall(segment["shown"])
        return segment["shown"] if all(slots.get(slot) for slot in asked) else segment["otherwise"] or ""

    filled = ""
    for index, part in enumerate(_SLOT.split(_SEGMENT.sub(chosen, template))):
        piece = part if index % 2 == 0 else slots.get(part) or f"{{{part}}}"
        filled += " " * bool(_SEAM.fullmatch(filled[-1:] + piece[:1])) + piece
    return filled
