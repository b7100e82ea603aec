"""What people read, in English and Chinese: refusals, field errors, one line per event, and labels."""

from services.language.descriptions import SHANGHAI, NameOf, describe, short_id
from services.language.labels import label
from services.language.negotiation import LANGUAGES, Language, negotiate
from services.language.problems import (
    Message,
    field_code,
    field_codes,
    field_message,
    problem,
    problem_codes,
    shown,
)

__all__ = [
    "LANGUAGES",
    "SHANGHAI",
    "Language",
    "Message",
    "NameOf",
    "describe",
    "field_code",
    "field_codes",
    "field_message",
    "label",
    "negotiate",
    "problem",
    "problem_codes",
    "short_id",
    "shown",
]
