"""The one maker of messages: hypothesis makes them up from the types of their fields.

A pool says what is taken for a type, once for all fields of it; a test with a need of its own puts its pool first.
What a type adds to another one, a mark or an example, needs no pool: `PersonalLabel` is made as `Label` is.
"""

import json
from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints
from uuid import UUID

from annotated_types import MinLen
from hypothesis import strategies as st
from pydantic import BaseModel, JsonValue, TypeAdapter, ValidationError
from pydantic.fields import FieldInfo

from commands.base import CARRIED
from events.vocabulary import identifiers as ids
from events.vocabulary.items import HELD
from events.vocabulary.moves import Month
from events.vocabulary.policies import Times
from events.vocabulary.values import EARLIEST, LATEST, Code, Instant, Label, Measure, Minutes, Money, Prose, Score
from events.vocabulary.working_calendar import WorkingCalendar
from tests.domain.company import CALENDAR

Pools = Sequence[tuple[Any, st.SearchStrategy[Any]]]
"""Types of fields with the strategies that are used for them; the first that fits is taken."""

Model = TypeVar("Model", bound=BaseModel)

DAY = timedelta(days=1)
_SAID: TypeAdapter[str] = TypeAdapter(Prose)


def legible(text: str) -> bool:
    """Whether a text is one that somebody may say."""
    try:
        _SAID.validate_json(json.dumps(text), strict=True)
    except ValidationError:
        return False
    return True


characters = st.characters(exclude_categories=("Cc", "Cs", "Cf", "Co"))
names = st.text(characters, min_size=1, max_size=20).filter(legible)
texts = st.text(characters | st.sampled_from("\n\t，。大客户"), min_size=1, max_size=40).filter(legible)
instants = st.datetimes(
    (EARLIEST + DAY).replace(tzinfo=None), (LATEST - DAY).replace(tzinfo=None), timezones=st.timezones()
) | st.sampled_from([EARLIEST, LATEST - timedelta(microseconds=1)])


def _calendars() -> st.SearchStrategy[WorkingCalendar]:
    days = st.frozensets(st.dates(date(2024, 1, 1), date(2026, 12, 31)), max_size=5)
    return st.builds(
        lambda years, off, worked: CALENDAR.model_copy(
            update={"known_years": years, "holidays": off, "working_weekends": worked}
        ),
        st.frozensets(st.integers(2015, 2030), max_size=3),
        days,
        days,
    )


def _subjects() -> st.SearchStrategy[str]:
    items = st.builds("{}:{}".format, st.sampled_from([kind.name for kind in HELD]), st.uuids())
    return st.just(ids.SELF) | items


ANY: Pools = (
    (Instant, instants),
    (Label, names),
    (Prose, texts),
    (dict[str, JsonValue], st.dictionaries(names, st.none() | st.integers() | texts, max_size=3)),
    (str, texts),
    (Code, st.from_regex(r"[a-z][a-z0-9_]{0,62}", fullmatch=True)),
    (Month, st.from_regex(r"[0-9]{4}-[0-9]{2}", fullmatch=True)),
    (Minutes, st.integers(1, 600_000)),
    (Times, st.integers(0, 100)),
    (Score, st.decimals(Decimal(-1000), Decimal(1000), places=3)),
    (Measure, st.decimals(Decimal(-1000), Decimal(1000), places=3)),
    (Money, st.decimals(Decimal(0), Decimal(10) ** 12, places=2)),
    (ids.Subject, _subjects()),
    (WorkingCalendar, _calendars()),
    (int, st.integers(0, 1000)),
    (bool, st.booleans()),
    (date, st.dates(date(1900, 1, 1), date(2199, 12, 31))),
    (UUID, st.uuids()),
)
"""All that the models allow."""


def values(annotation: Any, pools: Pools) -> st.SearchStrategy[Any]:
    """Values of an annotated type."""
    for known, strategy in pools:
        if known == annotation:
            return strategy
    if hasattr(annotation, "__supertype__"):
        return values(annotation.__supertype__, pools)
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return instances(annotation, pools)
    arguments = get_args(annotation)
    match get_origin(annotation):
        case origin if origin in {Union, UnionType}:
            return st.one_of([values(one, pools) for one in arguments])
        case origin if origin is Literal:
            return st.sampled_from(arguments)
        case origin if origin is Annotated:
            return values(_plainer(annotation), pools)
        case origin if origin is tuple:
            return st.lists(values(arguments[0], pools), max_size=3).map(tuple)
        case origin if origin is dict:
            return st.dictionaries(values(arguments[0], pools), values(arguments[1], pools), max_size=3)
    assert annotation is NoneType, annotation
    return st.none()


def _plainer(annotated: Any) -> Any:
    """The type without the last that was said of it."""
    *said, _last = annotated.__metadata__
    return Annotated[(annotated.__origin__, *said)] if said else annotated.__origin__


def _filled(strategy: st.SearchStrategy[Any], field: FieldInfo) -> st.SearchStrategy[Any]:
    return strategy.filter(len) if any(isinstance(one, MinLen) for one in field.metadata) else strategy


def instances(model: type[Model], pools: Pools = ANY) -> st.SearchStrategy[Model]:
    """Instances of a model; what it does not require is sometimes absent."""
    hints = get_type_hints(model, include_extras=True)
    given = {name: field for name, field in model.model_fields.items() if CARRIED not in field.metadata}
    fields = {name: _filled(values(hints[name], pools), field) for name, field in given.items()}
    required = {name: fields[name] for name, field in given.items() if field.is_required()}
    optional = {name: strategy for name, strategy in fields.items() if name not in required}
    return st.fixed_dictionaries(required, optional=optional).map(model.model_validate)


def completed(model: type[Model], pools: Pools = ANY) -> st.SearchStrategy[Model]:
    """Instances of a command as it is decided, with an answer where it carries one."""
    hints = get_type_hints(model, include_extras=True)
    answers = {
        name: values(hints[name], pools) for name, field in model.model_fields.items() if CARRIED in field.metadata
    }
    made = instances(model, pools)
    if not answers:
        return made
    return st.builds(lambda one, said: one.model_copy(update=said), made, st.fixed_dictionaries(answers))
