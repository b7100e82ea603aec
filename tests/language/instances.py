"""Instances of every event, made from the types of its fields."""

import types
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Annotated, Any, Literal, NewType, Union, get_args, get_origin
from uuid import UUID

from hypothesis import strategies as st
from pydantic import AwareDatetime, BaseModel

from events.base import Event
from events.catalogue import CATALOGUE
from events.facts import FactCorrected, FactWithdrawn
from events.vocabulary.values import Minutes
from events.vocabulary.working_calendar import Shift, WorkingCalendar

LINE = st.text("abc 交付延期09", min_size=1, max_size=150).filter(str.strip)
PROSE = st.text("abc 交付延期\n09", min_size=1, max_size=150).filter(str.strip)
CODE = st.sampled_from(["account_manager", "sales", "north_team", "product_quality"])
INSTANT = st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - bounds of a strategy are naive
NUMBER = st.decimals(Decimal(0), Decimal(5), places=1)
SUBJECT = st.uuids().map(lambda identifier: f"commitment:{identifier}") | st.just("self")
CALENDAR = WorkingCalendar(
    time_zone="Asia/Shanghai",
    shifts=(Shift(start=time(9), end=time(18)),),
    known_years=frozenset({2025}),
    holidays=frozenset({date(2025, 1, 1)}),
    working_weekends=frozenset({date(2025, 1, 26)}),
)
NAMED: dict[str, st.SearchStrategy[Any]] = {
    "role": CODE,
    "department": CODE,
    "topic": CODE,
    "code": CODE,
    "subject": SUBJECT,
    "item": SUBJECT,
    **dict.fromkeys(("text", "content", "solution", "result", "feedback", "purpose", "goal", "report"), PROSE),
}
"""Fields whose name says what their type does not."""


def events_of(cls: type[Event]) -> st.SearchStrategy[Event]:
    """Any event of a class."""
    if cls in (FactCorrected, FactWithdrawn):
        return st.sampled_from(_CORRECTABLE).flatmap(lambda told: _models(told).map(lambda event: _fact(cls, event)))
    return _models(cls)


_CORRECTABLE = [cls for cls in CATALOGUE.values() if cls not in (FactCorrected, FactWithdrawn)]


def _fact(cls: type[Event], event: Event) -> Event:
    """What puts an event right, or withdraws it."""
    about = event.about
    item = f"{about.name}:{getattr(event, about.field)}" if about else "self"
    told = {"corrects": UUID(int=1), "version": 2, "item": item, "history": (1, 2), "fact": event.event_name}
    if cls is FactCorrected:
        told |= {"shape": event.class_version, "truth": event.model_dump(mode="json")}
    return cls.model_validate(told)


def _models(cls: type[Any]) -> st.SearchStrategy[Any]:
    return st.fixed_dictionaries(
        {name: _values(name, field.annotation) for name, field in cls.model_fields.items()}
    ).map(cls.model_validate)


def _values(name: str, annotation: Any) -> st.SearchStrategy[Any]:
    if annotation is Minutes:
        return st.integers(1, 100)
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        return _values(name, arguments[0])
    if origin in (Union, types.UnionType):
        return st.one_of(*(_values(name, one) for one in arguments))
    if origin is Literal:
        return st.sampled_from(arguments)
    if origin is tuple:
        return st.lists(_values(name, arguments[0]), max_size=3).map(tuple)
    if origin is dict:
        return st.dictionaries(CODE, NUMBER, max_size=3)
    if isinstance(annotation, NewType):
        return st.uuids()
    if annotation is WorkingCalendar:
        return st.just(CALENDAR)
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return _models(annotation)
    plain: dict[Any, st.SearchStrategy[Any]] = {
        type(None): st.none(),
        AwareDatetime: INSTANT,
        datetime: INSTANT,
        date: st.dates(date(2020, 1, 1), date(2030, 1, 1)),
        bool: st.booleans(),
        int: st.integers(1, 100),
        Decimal: NUMBER,
        str: NAMED.get(name, LINE),
    }
    return plain[annotation]
