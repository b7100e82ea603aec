"""Each event as one line that a person reads."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, assert_never
from zoneinfo import ZoneInfo

from events.catalogue import CATALOGUE, brought_up
from events.facts import FactCorrected, FactWithdrawn
from services.language.field_kinds import FieldKind, field_kinds
from services.language.labels import known_label, label
from services.language.negotiation import Language
from services.language.texts import fill, slots_of, text

NameOf = Callable[[str, str], str | None]
"""Kind and id → name in the reader's language; none where it is not known.

Kinds: `person`, `customer`; the codes `role`, `department`, `topic`, `dimension`; and what has an id inside a stream:
`assignment`, `delegation`, `handover`, `commitment`, `complaint`, `visit`, `interaction`, `survey`, `survey_answer`,
`event`.
"""

SHANGHAI = ZoneInfo("Asia/Shanghai")

_STARTS = frozenset({"since", "effective_at"})
"""Where midnight is the start of a day, and the day alone says so; a due time or an end at midnight keeps its time."""
_SHORTENED_TO = 120
_FACTS = frozenset({FactCorrected.event_name, FactWithdrawn.event_name})
"""What puts other events right: the line is that of the event that it truly was."""


def short_id(identifier: str) -> str:
    """The end of an id: the front of a version 7 UUID is a clock that neighbours share."""
    return f"…{identifier[-8:]}"


def describe(
    event_name: str,
    data: Mapping[str, Any],
    language: Language,
    name_of: NameOf,
    zone: ZoneInfo = SHANGHAI,
    apart: Callable[[str], str] = str,
) -> str:
    """One line about an event; its permanent name where there is no text for it.

    Args:
        event_name: the permanent name, for example `responsibility.assigned`.
        data: the event's data as JSON, `event.model_dump(mode="json")`.
        language: the reader's language.
        name_of: finds names; an id without a name is shown short, a code as it is.
        zone: the time zone that instants are shown in, as `2025-03-10 14:00`.
        apart: what a name or text of others becomes in the line, for readers who set it apart.
    """
    template = text("events", event_name, language)
    if template is None or event_name not in CATALOGUE:
        return event_name
    if event_name in _FACTS:
        return _put_right(template, data, _Reader(language, name_of, zone, apart))
    reader = _Reader(language, name_of, zone, apart)
    read = slots_of(template)
    slots = {
        name: reader.show(name, kind, data[name])
        for name, kind in field_kinds(event_name).items()
        if name in read and data.get(name) is not None
    }
    slots["overdue"] = _count(item for item in data.get("inventory", ()) if item["overdue"])
    return " ".join(fill(template, slots).split())


def _put_right(template: str, data: Mapping[str, Any], reader: "_Reader") -> str:
    """What an event truly was, in its own words; of one that was withdrawn, what kind it was and of which item."""
    corrected, language = str(data["fact"]), reader.language
    fact = known_label(f"fact.{corrected}", language) or corrected
    if "truth" in data and corrected in CATALOGUE:
        said = brought_up(CATALOGUE[corrected], data["shape"], dict(data["truth"]))
        fact = describe(corrected, said, language, reader.name_of, reader.zone, reader.apart)
    return " ".join(fill(template, {"fact": fact, "item": reader.item(str(data["item"]))}).split())


def _count(things: Iterable[object]) -> str:
    number = sum(1 for _ in things)
    return str(number) if number else ""


@dataclass(frozen=True, slots=True)
class _Reader:
    language: Language
    name_of: NameOf
    zone: ZoneInfo
    apart: Callable[[str], str]

    def show(self, name: str, kind: FieldKind, value: Any) -> str:
        """A value of an event in the reader's words; nothing for what is empty or false."""
        match kind.sort:
            case "id":
                return self._named(kind.of, value)
            case "ids":
                return self._listed(self._named(kind.of, one) for one in value)
            case "code":
                return self._code(name, value)
            case "vocabulary":
                return label(f"{kind.of}.{value}", self.language)
            case "instant":
                return self._instant(name, value)
            case "texts":
                return self._listed(map(self.apart, value))
            case "flag":
                return label("flag.true", self.language) if value else ""
            case "bearers":
                return self._listed(dict.fromkeys(self._named("person", one["person"]) for one in value))
            case "count":
                return _count(value)
            case "scores":
                return self._listed(f"{self._code('dimension', code)} {score}" for code, score in value.items())
            case "scale":
                return f"{value['min']}–{value['max']}"
            case "target":
                return f"{value['measure']} {value['unit']}"
            case "moves":
                return self._listed(f"{kpi} {cases}" for kpi, cases in self._moved(value["figures"]).items())
            case "text":
                return self._text(name, str(value))
            case _:
                assert_never(kind.sort)

    def _moved(self, figures: Iterable[Mapping[str, Any]]) -> Counter[str]:
        """How many cases of each KPI are charged to somebody else, in all months."""
        found: Counter[str] = Counter()
        for figure in figures:
            found[known_label(f"kpi.{figure['kpi']}", self.language) or figure["kpi"]] += figure["cases"]
        return found

    def _named(self, kind: str, identifier: str) -> str:
        return self.apart(self.name_of(kind, identifier) or short_id(identifier))

    def _listed(self, things: Iterable[str]) -> str:
        return label("list.separator", self.language).join(things)

    def _code(self, name: str, code: str) -> str:
        found = self.name_of(name, code) or known_label(f"{name}.{code}", self.language) or code
        foreign = self.language == "en" and not found.isascii()
        return f"{self.apart(found)} ({code})" if foreign else self.apart(found)

    def _instant(self, name: str, value: str) -> str:
        local = datetime.fromisoformat(value).astimezone(self.zone)
        day_alone = name in _STARTS and (local.hour, local.minute, local.second) == (0, 0, 0)
        return local.strftime("%Y-%m-%d" if day_alone else "%Y-%m-%d %H:%M")

    def item(self, item: str) -> str:
        """An item, as `complaint:ID`, in words; nothing where it has no id of its own."""
        kind, _, identifier = item.partition(":")
        return f"{label(f'subject.{kind}', self.language)} {self._named(kind, identifier)}" if identifier else ""

    def _text(self, name: str, value: str) -> str:
        if name == "subject":
            return self.item(value)
        return self.apart(value if len(value) <= _SHORTENED_TO else f"{value[: _SHORTENED_TO - 1]}…")
