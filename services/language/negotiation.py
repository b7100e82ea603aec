"""Which of our languages a reader prefers."""

import re
from typing import Literal, get_args

Language = Literal["en", "zh"]
LANGUAGES: tuple[Language, ...] = get_args(Language)

_RANGE = re.compile(r"(\*|[a-z]{1,8}(?:-[a-z0-9]{1,8})*)(?:[ \t]*;[ \t]*q=(0(?:\.\d{0,3})?|1(?:\.0{0,3})?))?", re.ASCII)


def negotiate(accept_language: str | None) -> Language:
    """The language that an `Accept-Language` header (RFC 9110, 12.5.4) asks for; English where it asks for neither.

    Every Chinese tag (`zh`, `zh-CN`, `zh-Hans-SG`, `zh-TW`, …) means `zh`. Between equal q-values the one named first
    wins; `*` stands for what is not named; an element that is not well-formed is passed over.
    """
    asked: dict[str, tuple[float, int]] = {}
    for place, element in enumerate((accept_language or "").lower().split(",")):
        found = _RANGE.fullmatch(element.strip(" \t"))
        if found is None:
            continue
        primary = found[1].partition("-")[0]
        quality = float(found[2] or 1)
        if quality > asked.get(primary, (-1.0, 0))[0]:
            asked[primary] = (quality, -place)
    wanted = {language: asked.get(language, asked.get("*", (0.0, 0))) for language in LANGUAGES}
    best = max(LANGUAGES, key=lambda language: wanted[language])
    return best if wanted[best][0] > 0 else "en"
