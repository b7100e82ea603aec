"""The words for codes, and the words of the pages."""

from services.language.negotiation import Language
from services.language.texts import fill, text


def label(key: str, language: Language, **slots: str) -> str:
    """The word for a dotted key, `tier.vip` or `ui.timeline.title`, with its slots filled.

    Keys that start with `ui.` stand in ui.toml, all others in labels.toml. An unknown key is its own label.
    """
    found = text("ui" if key.startswith("ui.") else "labels", key, language)
    if found is None:
        return key
    return fill(found, slots)


def known_label(key: str, language: Language) -> str | None:
    """The word for a key of labels.toml; none where there is none."""
    return text("labels", key, language)
