"""What every event shares: it is frozen, complete, has a permanent name of its own, and says what it is about."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any, ClassVar, Final, TypeVar
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from events.vocabulary.identifiers import SELF, StreamId, Subject, stream_uuid
from events.vocabulary.items import ItemKind, Turn

Upcaster = Callable[[dict[str, Any]], dict[str, Any]]
"""Turns the stored data of one shape into that of the next."""

_UNSAID: Final = ""
_set = object.__setattr__

M = TypeVar("M", bound=BaseModel)


def but(model: M, **changes: Any) -> M:
    """A frozen model with some fields said otherwise, unchecked; itself where they are so already.

    It is `model_copy` in a quarter of the time: nearly every command makes a copy or two.
    """
    said = model.__dict__
    for name, value in changes.items():
        if said[name] != value:
            break
    else:
        return model
    after = model.__new__(type(model))
    # As pydantic itself makes a model of what it has validated.
    _set(after, "__dict__", said | changes)
    _set(after, "__pydantic_fields_set__", model.__pydantic_fields_set__ | changes.keys())
    _set(after, "__pydantic_extra__", None)
    _set(after, "__pydantic_private__", None)
    return after


def _fields(turn: Turn) -> tuple[str | None, ...]:
    return turn.said, turn.due, turn.binding, turn.noted, turn.only[0] if turn.only else None


class Event(BaseModel):
    """A fact as it is written on disk; subclasses state their permanent `name` and shape `version`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    event_name: ClassVar[str]
    """The permanent name."""
    class_version: ClassVar[int]
    upcasters: ClassVar[Mapping[int, Upcaster]]
    occurs: ClassVar[str | None]
    """The field that says when it happened in the business."""
    planned: ClassVar[bool]
    """Whether that may lie ahead: it is a plan, not a fact."""
    about: ClassVar[ItemKind | None]
    """The kind of item it is about; none where it is about the stream as a whole."""
    opens: ClassVar[bool]
    """Whether it is the first that is said of its item."""
    turns: ClassVar[tuple[Turn, ...]]
    hands: ClassVar[str | None]
    """The field with the person who keeps the item from then on, unless somebody is assigned to it."""
    derived: ClassVar[frozenset[str]]
    """The fields that follow from others, from the history or from the company's rules: nobody says them."""
    noted: ClassVar[bool | str]
    """Whether a process notes it once its time has come, or the field that is filled where one does."""

    def __init_subclass__(  # noqa: PLR0913 - what a class of events declares is written out at its head
        cls,
        *,
        name: str,
        occurs: str | None = _UNSAID,
        planned: bool = False,
        opens: ItemKind | None = None,
        about: ItemKind | None = None,
        turns: tuple[Turn, ...] = (),
        hands: str | None = None,
        derived: tuple[str, ...] = (),
        noted: bool | str = False,
        version: int = 1,
        upcasters: Mapping[int, Upcaster] | None = None,
        **kwargs: Any,
    ) -> None:
        """Say what the class stands for.

        Args:
            name: the permanent name.
            occurs: the field with the business time, or `None` out loud where only the envelope has one.
            planned: whether that time may lie ahead.
            opens: the kind of item that it opens, with an id that is unique in the whole ledger.
            about: the kind of item that it goes on about.
            turns: what it makes of the lives of items.
            hands: the field with the person who keeps the item from then on.
            derived: the fields that nobody says, because they follow.
            noted: whether a process notes it, because it follows; or the field that is filled where one does.
            version: of the shape.
            upcasters: `upcasters[n]` turns the data of version n into that of n + 1.
            kwargs: for pydantic.
        """
        super().__init_subclass__(**kwargs)
        if occurs == _UNSAID:
            raise TypeError(f"{name}: `occurs` names the field with its business time, or says None")
        if opens is not None and about is not None:
            raise TypeError(f"{name}: it opens an item, or is about one")
        cls.event_name = name
        cls.class_version = version
        cls.upcasters = dict(upcasters or {})
        cls.occurs = occurs
        cls.planned = planned
        cls.about = opens or about
        cls.opens = opens is not None
        cls.turns = turns
        cls.hands = hands
        cls.derived = frozenset(derived)
        cls.noted = noted
        if sorted(cls.upcasters) != list(range(1, version)):
            raise TypeError(f"{name}: one upcaster for each version below {version} is needed")

    @classmethod
    def __pydantic_init_subclass__(cls, **_kwargs: Any) -> None:
        """Refuse a class that speaks of fields which it does not have."""
        named = {cls.occurs, cls.hands, *cls.derived, *(field for turn in cls.turns for field in _fields(turn))}
        named |= {kind.field for kind in (cls.about, *(turn.of for turn in cls.turns)) if kind and not kind.whole}
        named |= {cls.noted} if isinstance(cls.noted, str) else set()
        missing = named - {None} - cls.model_fields.keys()
        if missing:
            raise TypeError(f"{cls.event_name}: there is no field {', '.join(sorted(map(str, missing)))}")

    @property
    def happened(self) -> datetime | date | None:
        """When it happened in the business by its own words, to the instant or the day; none where it does not say."""
        return None if self.occurs is None else getattr(self, self.occurs)

    @property
    def instant(self) -> datetime | None:
        """When it happened, where its own words say it to the instant."""
        happened = self.happened
        return happened if isinstance(happened, datetime) else None

    @property
    def is_noted(self) -> bool:
        """Whether a process noted it: it is true only as long as it follows from what was told before."""
        return getattr(self, self.noted) is not None if isinstance(self.noted, str) else self.noted

    @property
    def about_item(self) -> Subject:
        """The item that it is about as its stream names it, `commitment:ID`; `self` for the stream as a whole."""
        kind = self.about
        return SELF if kind is None or kind.whole else f"{kind.name}:{getattr(self, kind.field)}"

    def item_id(self, kind: ItemKind, stream: StreamId) -> UUID:
        """The id of the item of a kind that it is about, in its stream."""
        found: UUID = stream_uuid(stream) if kind.whole else getattr(self, kind.field)
        return found

    @property
    def written(self) -> bytes:
        """What it says, as JSON in UTF-8: `model_dump_json` without a detour over text."""
        return self.__pydantic_serializer__.to_json(self)
