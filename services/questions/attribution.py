"""Who is charged with a fact, under a named rule, and who did it."""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Literal, get_args
from uuid import UUID

from pydantic import BaseModel, Field

from events.vocabulary.working_calendar import WorkingCalendar
from projections.attribution import items, questions
from projections.attribution.holders import Row
from projections.attribution.items import Holders, Item, Part
from projections.attribution.rules import Charge, Rule, Uncharged, charge, joined, rounded
from projections.handed import HANDINGS
from projections.lives.questions import LIVED
from services.questions.asked import Asked, asked
from services.questions.catalogue import KINDS
from services.questions.kinds import Kind as ListedKind
from services.questions.leavers import DESCRIPTION as LEFT
from services.questions.leavers import Leavers, leavers
from services.questions.responsibility import Kind
from services.questions.views import Moment, Views

VIEWS = (
    *("responsibility", "commitments", "complaints", "contacts", "answers", "policies", "lives", "handed"),
    *(kind.view.name for kind in KINDS),
)
ItemKind = Literal["commitment", "complaint", "visit", "interaction", "survey-answer"]
ITEM_KINDS: tuple[str, ...] = (*get_args(ItemKind), *(kind.view.kind.name for kind in KINDS if kind.view.kind.held))
"""The kinds of facts that somebody is charged with."""


_READ: dict[str, tuple[str, Callable[[Row, Holders], Item]]] = {
    "commitment": (questions.COMMITMENTS, items.commitment),
    "visit": (questions.CONTACTS, items.contact),
    "interaction": (questions.CONTACTS, items.contact),
    "survey-answer": (questions.ANSWERS, items.answer),
}


class ItemUnknownError(Exception):
    """No such item was known."""


class Charged(BaseModel):
    """Somebody's part in a fact."""

    person: UUID = Field(description="Id of the person")
    share: float = Field(
        description="Share of the fact, six decimals; with `unheld` the shares make exactly 1. A delegate's is 0: the "
        "principal keeps it"
    )
    kind: Kind = Field(description="`principal`, or `acting` where a delegate held it for the principal")
    since: datetime = Field(
        description="Start of the interval over which the person held it, included; under `time_weighted` of the part "
        "that was weighed"
    )
    until: datetime | None = Field(description="End of that interval, excluded; null while it is open")
    left: bool = Field(default=False, description=LEFT)
    events: list[UUID] = Field(description="Ids of the events that prove it")


class Did(BaseModel):
    """Somebody who did it, whoever answers for it."""

    person: UUID = Field(description="Id of the person")
    part: Part = Field(description="`promised_by`, `attendee`, or `about_person` whom the customer speaks of")


class Attribution(Asked):
    """Who is charged with a fact."""

    item: str = Field(description="The item that was asked about")
    rule: Rule = Field(description="The rule it was charged under")
    instant: datetime | None = Field(
        description="The instant that decides; null where time is weighed or nothing is charged"
    )
    weighed_since: datetime | None = Field(description="Start of the time that was weighed")
    weighed_until: datetime | None = Field(description="End of the time that was weighed")
    charges: list[Charged] = Field(description="Principals first; an empty list is an answer")
    unheld: float = Field(description="The share for which nobody answers")
    uncharged: Uncharged | None = Field(
        description="Why the rule charges nobody: the customer promised it, the item has no due time, has not ended, "
        "or had not happened yet"
    )
    did: list[Did] = Field(description="Who did it, kept apart from who answers for it")
    events: list[UUID] = Field(description="Ids of the events that the item itself comes from")


def attribution(views: Views, kind: str, identifier: UUID, rule: Rule, moment: Moment) -> Attribution:
    """Who is charged with one item.

    Raises:
        ItemUnknownError: no such item was known.
    """
    found = load(views, kind, [identifier], moment.known_position)
    if not found:
        raise ItemUnknownError
    item = found[0]
    charged = charge(item, rule, moment.effective_at)
    since, until = charged.window or (None, None)
    gone = leavers(views, (piece.holding.person for piece in charged.pieces), moment)
    charges, unheld = _shares(charged, gone)
    return Attribution(
        item=item.name,
        rule=rule,
        instant=charged.instant,
        weighed_since=since,
        weighed_until=until,
        charges=charges,
        unheld=unheld,
        uncharged=charged.uncharged,
        did=[Did(person=deed.person, part=deed.part) for deed in item.did],
        events=list(item.events),
        **asked(moment),
    )


def _shares(charged: Charge, gone: Leavers) -> tuple[list[Charged], float]:
    pieces = joined(charged.pieces)
    *shares, unheld = rounded([*(piece.share for piece in pieces), charged.unheld])
    charges = [
        Charged(
            person=piece.holding.person,
            share=float(share),
            kind=piece.holding.kind,
            since=piece.since,
            until=piece.until,
            left=gone.keep(piece.holding.person, piece.holding.until),
            events=list(piece.holding.events),
        )
        for piece, share in zip(pieces, shares, strict=True)
    ]
    return charges, float(unheld)


def load(views: Views, kind: str, identifiers: Sequence[UUID], known: int) -> list[Item]:
    """Items as they were known, with everybody who held them: two queries, however many they are."""
    if kind == "complaint":
        return complaints(views, views.rows(questions.COMPLAINTS, {"ids": list(identifiers), "known": known}), known)
    listed = next((one for one in KINDS if one.view.kind.name == kind), None)
    if listed is not None:
        return kept_alike(views, listed, identifiers, known)
    query, item = _READ[kind]
    rows = views.rows(query, {"ids": list(identifiers), "kind": kind, "known": known})
    held = holders(views, rows, known)
    return [item(row, held) for row in rows]


def kept_alike(views: Views, kind: ListedKind, identifiers: Sequence[UUID], known: int) -> list[Item]:
    """Items of a kind that is kept and asked as others are, with everybody who held them."""
    named = {"ids": list(identifiers), "kind": kind.view.kind.name, "known": known}
    lived: dict[UUID, list[Row]] = {}
    for row in views.rows(LIVED, named):
        lived.setdefault(row["id"], []).append(row)
    sides = {row["id"]: row["side"] for row in views.rows(kind.view.sides, named)}
    names = {one: f"{kind.view.kind.name}:{one}" for one in lived}
    customers = (f"customer:{parts[0]['customer_id']}" for parts in lived.values())
    held = holdings(views, {*names.values(), *customers}, known)
    handings: dict[str, list[Row]] = {}
    for row in views.rows(HANDINGS, {"subjects": list(names.values()), "known": known}):
        handings.setdefault(row["subject"], []).append(row)
    return [
        items.lived(names[one], parts, held, handings.get(names[one], ()), customers_own=sides.get(one) == "customer")
        for one, parts in lived.items()
    ]


def complaints(views: Views, rows: Sequence[Row], known: int) -> list[Item]:
    """Rows of the complaints view as items, each with the calendar that its clock goes by."""
    held = holders(views, rows, known)
    editions = list({row["calendar_version"]: None for row in rows})
    calendars = {
        row["edition"]: WorkingCalendar.model_validate(row["calendar"])
        for row in views.rows(questions.CALENDARS, {"editions": editions, "known": known})
    }
    return [items.complaint(row, held, calendars[row["calendar_version"]]) for row in rows]


def holders(views: Views, rows: Iterable[Row], known: int) -> dict[str, list[Row]]:
    """Everybody who held the items in these rows, or their customers, by subject."""
    subjects: set[str] = set()
    for row in rows:
        subjects.add(f"customer:{row['customer_id']}")
        for kind in ("commitment", "complaint"):
            if f"{kind}_id" in row:
                subjects.add(f"{kind}:{row[f'{kind}_id']}")
    return holdings(views, subjects, known)


def holdings(views: Views, subjects: Iterable[str], known: int) -> dict[str, list[Row]]:
    """Everybody who held these, by subject; of customers, the account managers."""
    held: dict[str, list[Row]] = {}
    for holding in views.rows(questions.HOLDERS, {"subjects": sorted(subjects), "known": known}):
        held.setdefault(holding["subject"], []).append(holding)
    return held
