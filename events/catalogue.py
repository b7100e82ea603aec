"""Every event there is, by its permanent name: what is not listed here cannot be read or written."""

import json
from collections.abc import Mapping
from datetime import date, datetime
from typing import Annotated, Any, get_args

from pydantic import JsonValue, PlainSerializer, PlainValidator, ValidationError

from events.base import Event
from events.customer.commitments import CommitmentEvent
from events.customer.complaints import ComplaintEvent
from events.customer.contracts import ContractEvent
from events.customer.interactions import InteractionEvent
from events.customer.obligations import ObligationEvent
from events.customer.profile import ProfileEvent
from events.customer.satisfaction import SatisfactionEvent
from events.customer.tier import TierEvent
from events.customer.visits import VisitEvent
from events.facts import FactCorrected, FactEvent
from events.person.directory import DirectoryEvent
from events.policy.cadence import CadencePublished
from events.policy.calendars import WorkingCalendarPublished
from events.policy.roles import RoleCataloguePublished
from events.policy.service_levels import ServiceLevelsPublished
from events.project.acceptance import AcceptanceEvent
from events.project.initiation import InitiationEvent
from events.responsibility import ResponsibilityEvent
from events.vocabulary.values import is_bounded

CustomerEvent = (
    ProfileEvent
    | TierEvent
    | ResponsibilityEvent
    | InteractionEvent
    | VisitEvent
    | CommitmentEvent
    | ComplaintEvent
    | ContractEvent
    | ObligationEvent
    | SatisfactionEvent
    | FactEvent
)
ProjectEvent = InitiationEvent | AcceptanceEvent | ResponsibilityEvent | FactEvent
PersonEvent = DirectoryEvent | FactEvent
PolicyEvent = RoleCataloguePublished | ServiceLevelsPublished | WorkingCalendarPublished | CadencePublished

AnyEvent = CustomerEvent | ProjectEvent | PersonEvent | PolicyEvent


def _members(*unions: object) -> dict[str, type[Event]]:
    classes: set[type[Event]] = set()
    for union in unions:
        classes.update(get_args(union))
    by_name = {cls.event_name: cls for cls in classes}
    if len(by_name) != len(classes):
        raise TypeError("two events share a name")
    return dict(sorted(by_name.items()))


CATALOGUE: dict[str, type[Event]] = _members(CustomerEvent, ProjectEvent, PersonEvent, PolicyEvent)
"""Permanent name → class."""


def brought_up(cls: type[Event], version: int, data: dict[str, Any]) -> dict[str, Any]:
    """Data that were written in the shape of a version, in the present shape.

    Raises:
        ValueError: the shape is of a newer release.
    """
    if not 1 <= version <= cls.class_version:
        raise ValueError("written in a shape of a newer release")
    for step in range(version, cls.class_version):
        data = cls.upcasters[step](data)
    return data


def truth(corrected: FactCorrected) -> Event:
    """The event as it should have been recorded."""
    cls = CATALOGUE[corrected.fact]
    return cls.model_validate(brought_up(cls, corrected.shape, dict(corrected.truth)))


def named(event: Event) -> dict[str, Any]:
    """An event as JSON, with its name beside it."""
    return {"name": event.event_name, "data": event.model_dump(mode="json")}


def _read_named(value: Any) -> Event:
    return value if isinstance(value, Event) else CATALOGUE[value["name"]].model_validate(value["data"])


Named = Annotated[Event, PlainSerializer(named), PlainValidator(_read_named)]
"""An event of any class, where it is written with its name and read back."""


class WrongValueError(ValueError):
    """A value that an event cannot have."""

    def __init__(self, field: str) -> None:
        super().__init__(field)
        self.field = field
        """The field of the event; empty where the event as a whole does not hold together."""


def with_values(event: Event, values: Mapping[str, JsonValue]) -> Event:
    """The event with some fields said anew, as JSON; the others stand as they were recorded.

    Raises:
        WrongValueError: there is no such field, or it cannot have that value.
    """
    for name in values:
        if name not in type(event).model_fields:
            raise WrongValueError(name)
    said = json.dumps({**json.loads(event.written), **values})
    try:
        after = type(event).model_validate_json(said, strict=True)
    except ValidationError as error:
        places = [fault["loc"][:1] for fault in error.errors(include_input=False, include_url=False)]
        wrong = next((place for place in places if not place or place[0] in values), None)
        if wrong is not None:
            raise WrongValueError(str(wrong[0]) if wrong else "") from error
        # An earlier release took what somebody else said.
        after = type(event).model_validate_json(said)
    for name in values:
        value = getattr(after, name)
        if isinstance(value, date) and not isinstance(value, datetime) and not is_bounded(value):
            raise WrongValueError(name)
    return after
