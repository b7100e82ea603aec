"""What has an id of its own inside a stream, and what an event makes of its life."""

from dataclasses import dataclass
from typing import Literal

StreamKind = Literal["customer", "project", "person", "policy"]


@dataclass(frozen=True, slots=True)
class ItemKind:
    """What has an id of its own inside a stream; events and read models name it the same."""

    name: str
    """The word in subjects, labels and URLs: `commitment`, as in `commitment:ID`."""
    plural: str
    stream: StreamKind | None
    """The streams that it lies in; none where it lies in every stream that keeps responsibilities."""
    held: bool = False
    """Whether it may be the subject of a responsibility, and moves in handovers."""
    field: str = ""
    """The field of its events that holds its id, `NAME_id` unless said; see `whole` where the stream is the item."""
    code: str = ""
    """What its refusals begin with, its name unless said."""
    ids: str = ""
    """What its ids are told apart within, in the whole ledger; its name unless said."""
    open: tuple[str, ...] = ()
    """The statuses in which it is open: then it can be late, and somebody has to hold it."""
    whole: bool = False
    """Whether the stream itself is the item."""
    once: bool = False
    """Whether one event says all that is ever said of it."""

    def __post_init__(self) -> None:
        """Fill in what follows from the name."""
        for name, usual in (("field", f"{self.name.replace('-', '_')}_id"), ("code", self.name), ("ids", self.name)):
            if not getattr(self, name):
                object.__setattr__(self, name, usual)


@dataclass(frozen=True, slots=True)
class Turn:
    """What an event makes of the life of an item, from the instant of the event on."""

    status: str | None = None
    """The status from then on; none where it stays."""
    said: str | None = None
    """The field that says the status, where it is not always the same."""
    due: str | None = None
    """The field with the due time from then on."""
    binding: str | None = None
    """The flag without which that due time binds nobody."""
    pauses: bool = False
    """Whether a due time that has not passed stands still from then on."""
    settles: bool = False
    """Whether nothing is due any more."""
    amends: bool = False
    """Whether the last due time that was said is said anew, as it was meant in its own place."""
    noted: str | None = None
    """The field with the due time that it says has passed: whoever watches due times need not say so again."""
    through: bool = False
    """Whether it says so of every due time up to then."""
    only: tuple[str, str] | None = None
    """The field, and the value without which it makes nothing of this life."""
    of: ItemKind | None = None
    """Whose life it is, where it is not that of the event's own item."""


ASSIGNMENT = ItemKind("assignment", "assignments", None, code="responsibility", ids="responsibility")
# Assignments and delegations stand side by side wherever somebody holds something, so their ids are of one kind.
DELEGATION = ItemKind("delegation", "delegations", None, ids="responsibility")
HANDOVER = ItemKind("handover", "handovers", None, open=("proposed",))
COMMITMENT = ItemKind("commitment", "commitments", "customer", held=True, open=("open",))
COMPLAINT = ItemKind("complaint", "complaints", "customer", held=True, open=("open", "waiting"))
CONTRACT = ItemKind("contract", "contracts", "customer", open=("in_force",))
OBLIGATION = ItemKind("obligation", "obligations", "customer", held=True, open=("open", "waiting", "breached"))
FIRST_RESPONSE = ItemKind("first-response", "first-responses", "customer", field="complaint_id", open=("open",))
"""The answer that a complaint waits for, which has a due time of its own."""
VISIT = ItemKind("visit", "visits", "customer", once=True)
INTERACTION = ItemKind("interaction", "interactions", "customer", once=True)
SURVEY_ANSWER = ItemKind(
    "survey-answer", "survey-answers", "customer", field="answer_id", code="survey", ids="survey", once=True
)
PROJECT = ItemKind("project", "projects", "project", whole=True, open=("proposed", "approved"))
ACCEPTANCE = ItemKind(
    "acceptance",
    "acceptances",
    "project",
    whole=True,
    open=("none", "checked", "requested", "rejected", "ordered"),
)
"""How far the acceptance of a project has come."""
PERSON = ItemKind("person", "people", "person", whole=True, open=("active",))

ITEM_KINDS: tuple[ItemKind, ...] = (
    ASSIGNMENT,
    DELEGATION,
    HANDOVER,
    COMMITMENT,
    COMPLAINT,
    FIRST_RESPONSE,
    CONTRACT,
    OBLIGATION,
    VISIT,
    INTERACTION,
    SURVEY_ANSWER,
    PROJECT,
    ACCEPTANCE,
    PERSON,
)
"""Every kind there is."""

HELD: tuple[ItemKind, ...] = tuple(kind for kind in ITEM_KINDS if kind.held)
"""The kinds that somebody answers for."""
