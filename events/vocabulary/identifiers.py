"""Identifiers of streams, items inside them, people and events."""

from collections.abc import Callable
from functools import lru_cache
from hashlib import sha1
from typing import Annotated, NewType, get_args
from uuid import UUID

from pydantic import Field, StringConstraints
from pydantic_core import SchemaValidator, core_schema

from events.vocabulary import items

_Person = Annotated[UUID, Field(examples=["0198a000-0000-7000-8000-000000000001"])]
_Customer = Annotated[UUID, Field(examples=["0198a000-0000-7000-8000-000000000002"])]
_Item = Annotated[UUID, Field(examples=["0198a000-0000-7000-8000-000000000003"])]

AssignmentId = NewType("AssignmentId", _Item)
CommitmentId = NewType("CommitmentId", _Item)
ComplaintId = NewType("ComplaintId", _Item)
ContractId = NewType("ContractId", _Item)
CustomerId = NewType("CustomerId", _Customer)
DelegationId = NewType("DelegationId", _Item)
EventId = NewType("EventId", _Item)
HandoverId = NewType("HandoverId", _Item)
InteractionId = NewType("InteractionId", _Item)
ObligationId = NewType("ObligationId", _Item)
PersonId = NewType("PersonId", _Person)
PolicyId = NewType("PolicyId", _Item)
ProjectId = NewType("ProjectId", _Item)
SurveyAnswerId = NewType("SurveyAnswerId", _Item)
SurveyId = NewType("SurveyId", _Item)
VisitId = NewType("VisitId", _Item)

StreamKind = items.StreamKind
STREAM_KINDS: tuple[StreamKind, ...] = get_args(StreamKind)

StreamId = NewType("StreamId", str)
"""`kind:uuid`, for example `customer:0190…`."""

_UUID = r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
Subject = Annotated[
    str,
    StringConstraints(pattern=rf"^(self|({'|'.join(kind.name for kind in items.HELD)}):{_UUID})$"),
    Field(examples=["self"]),
]
"""What a responsibility is for, seen from its stream: `self` or an item inside that is held, `commitment:ID`."""

SELF: Subject = "self"
"""The subject that is the whole customer or project."""

COMPANY_POLICY = PolicyId(UUID("00000000-0000-4000-8000-00000000c0de"))
"""The one stream that holds the company's versioned rules."""

_ZEREN = UUID("6f0f2c1e-7a9b-5d57-9c1e-0c5d1f3a2b4c").bytes
_FREE = ~(0xF << 76 | 0x3 << 62)
"""All bits of an identifier except those that say its version and variant."""
_VERSION_5 = 0x5 << 76 | 0x2 << 62
_as_event_id: Callable[[bytes], EventId] = SchemaValidator(core_schema.uuid_schema()).validate_python


def stream_id(kind: StreamKind, identifier: UUID) -> StreamId:
    """The stream of one customer, project, person or policy."""
    return StreamId(f"{kind}:{identifier}")


@lru_cache(maxsize=10_000)
def stream_uuid(stream: StreamId) -> UUID:
    """The identifier inside a stream id."""
    return UUID(stream.partition(":")[2])


def event_id(stream: StreamId, version: int) -> EventId:
    """The identity of the event at `version` (1, 2, …) of a stream: always the same for the same place.

    It is `uuid5` of the place, made in a third of the time: views name several events per row.
    """
    return _as_event_id(event_bytes(stream, version))


def event_bytes(stream: StreamId, version: int) -> bytes:
    """The 16 bytes of an `event_id`, in half of its time: where it is only to be written down."""
    digest = sha1(_ZEREN + f"{stream}/{version}".encode(), usedforsecurity=False).digest()
    number = int.from_bytes(digest[:16], "big") & _FREE | _VERSION_5
    return number.to_bytes(16, "big")


def subject_in_full(stream: StreamId, subject: Subject) -> str:
    """The subject as the whole company names it: `customer:ID`, `project:ID`, `commitment:ID`, `complaint:ID`."""
    return stream if subject == SELF else subject
