"""Whom a figure is about: the company, a customer, a tier, a person or a team."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from fractions import Fraction
from itertools import pairwise
from typing import Any, Literal, get_args
from uuid import UUID

from events.vocabulary.values import Tier
from projections.attribution.holders import Row
from projections.attribution.rules import Charge, Piece, Rule, charge
from projections.coverage.spans import Span, common
from projections.kpis.cases import Case

ScopeKind = Literal["company", "customer", "person", "team", "tier"]
_UUID = r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
_SCOPE = re.compile(
    rf"(company)|(customer|person):({_UUID})|(team):([a-z][a-z0-9_]{{0,62}})|(tier):({'|'.join(get_args(Tier))})"
)
_LATEST = datetime.max.replace(tzinfo=UTC)
_EARLIEST = datetime.min.replace(tzinfo=UTC)


class ScopeInvalidError(Exception):
    """The text is no scope."""


@dataclass(frozen=True, slots=True)
class Scope:
    """A kind and what it is of."""

    kind: ScopeKind
    of: str = ""

    @property
    def charges_people(self) -> bool:
        """Whether cases count by the share that people are charged with."""
        return self.kind in {"person", "team"}


def scope(text: str) -> Scope:
    """`company`, `customer:ID`, `person:ID`, `team:CODE` (a department) or `tier:CODE`.

    Raises:
        ScopeInvalidError: it is none of these.
    """
    found = _SCOPE.fullmatch(text)
    if found is None:
        raise ScopeInvalidError
    parts: list[Any] = [part for part in found.groups() if part]
    return Scope(*parts)


@dataclass(frozen=True, slots=True)
class Weighed:
    """A case with how much of it counts for a scope."""

    case: Case
    weight: Fraction
    """0 where the person only acted for a principal, or nobody of the scope is charged."""
    acting: bool = False
    events: tuple[UUID, ...] = ()
    """The events that put the case into the scope."""


@dataclass(frozen=True, slots=True)
class Scoped:
    """What decides how much of a case a person or team is charged with."""

    scope: Scope
    rule: Rule
    now: datetime
    memberships: Mapping[Any, Sequence[Row]]
    """Person → memberships by since, of two from one instant the later recorded last."""

    def weigh(self, case: Case) -> Weighed | None:
        """The case as far as people are charged with it; none where they are not."""
        charged = charge(case.item, self.rule, self.now)
        weight, acting = Fraction(0), False
        proof: dict[UUID, None] = {}
        for piece in charged.pieces:
            part, why = self._part(piece, charged)
            if part == 0:
                continue
            if piece.holding.kind == "acting":
                acting = True
            weight += piece.share * part
            proof |= dict.fromkeys((*piece.holding.events, *why))
        if not proof:
            return None
        return Weighed(case, weight, acting and weight == 0, tuple(proof))

    def _part(self, piece: Piece, charged: Charge) -> tuple[Fraction, Iterable[UUID]]:
        """How much of a piece the scope is charged with, and the events that say so."""
        person = piece.holding.person
        if self.scope.kind == "person":
            return Fraction(str(person) == self.scope.of), ()
        spans = list(_memberships(self.memberships.get(person, ()), self.scope.of))
        if charged.instant is not None:
            covering = [event for (since, until), event in spans if since <= charged.instant < until]
            return Fraction(bool(covering)), covering
        window = piece.since, piece.until or _LATEST
        shared = [(span, event) for part, event in spans for span in common(window, [part])]
        if [span for span, _ in shared] == [window]:
            return Fraction(1), [event for _, event in shared]
        covered = sum((charged.length(*span) for span, _ in shared), 0)
        return Fraction(covered, charged.length(*window)), [event for _, event in shared]


def _memberships(rows: Sequence[Row], department: str) -> Iterable[tuple[Span, UUID]]:
    """When somebody belonged to a department, with the event that says so."""
    starts = {row["since"] or _EARLIEST: row for row in rows}
    ordered: list[tuple[datetime, Any]] = [*sorted(starts.items(), key=lambda start: start[0]), (_LATEST, None)]
    for (since, row), (until, _) in pairwise(ordered):
        if row["department"] == department:
            yield (since, until), row["membership_id"]
