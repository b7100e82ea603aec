"""Texts with slots: `{column}` is the row's value, `{column|text}` has a text for rows without one."""

import re
from collections.abc import Callable, Iterator
from functools import cache
from typing import Annotated, Any

from pydantic import AfterValidator

_SLOT = re.compile(r"\{([^{}|]+)(?:\|([^{}]*))?\}")

Part = tuple[str, str | None, str | None]
"""A literal text, then the name of a slot and its default; the last part has no slot."""

Lookup = Callable[[str], str | None]
"""The value of a name in a row; none where it is absent."""


def _well_formed(text: str) -> str:
    if any(brace in _SLOT.sub("", text) for brace in "{}"):
        raise ValueError("a brace without its partner")
    return text


Template = Annotated[str, AfterValidator(_well_formed)]
"""A text with slots."""


@cache
def parts(template: str) -> tuple[Part, ...]:
    """The template cut at its slots."""
    found: list[Part] = []
    end = 0
    for slot in _SLOT.finditer(template):
        found.append((template[end : slot.start()], slot[1], slot[2]))
        end = slot.end()
    return (*found, (template[end:], None, None))


def names(content: Any) -> Iterator[str]:
    """Every name that the templates in a nested content read."""
    if isinstance(content, str):
        yield from (name for _, name, _ in parts(content) if name is not None)
    elif isinstance(content, dict):
        for value in content.values():
            yield from names(value)
    elif isinstance(content, list | tuple):
        for value in content:
            yield from names(value)


def render(template: str, lookup: Lookup) -> str | None:
    """The template with its slots filled; none where a slot without a default has no value."""
    text = ""
    for literal, name, default in parts(template):
        text += literal
        if name is not None:
            value = lookup(name)
            if value is None:
                value = default
            if value is None:
                return None
            text += value
    return text


def render_all(content: Any, lookup: Lookup) -> Any:
    """A nested content with every template filled; what has no value is left out."""
    if isinstance(content, str):
        return render(content, lookup)
    if isinstance(content, dict):
        filled = {key: render_all(value, lookup) for key, value in content.items()}
        return {key: value for key, value in filled.items() if value is not None}
    if isinstance(content, list | tuple):
        return [value for value in (render_all(one, lookup) for one in content) if value is not None]
    return content
