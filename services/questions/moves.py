"""Which figures a handover moves: how many cases would be charged to the successor instead of the leaver, by month."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from fractions import Fraction
from uuid import UUID

from commands.responsibility import ProposeHandover
from events.vocabulary.moves import MovedFigure, Moves
from projections.attribution.items import Item
from projections.attribution.rules import Rule, charge
from projections.attribution.succession import Succession
from projections.kpis.cases import Case
from projections.kpis.definitions import DEFINITIONS
from projections.kpis.periods import Days, period
from projections.kpis.scopes import Scope
from projections.responsibility.questions import ASSIGNMENT
from services.questions.kpi_cases import Asked, Facts
from services.questions.views import Moment, Views

_ALWAYS = date(1901, 1, 1)
_FAR_ZONES = timedelta(days=1)
_BY_THEN: frozenset[Rule] = frozenset({"at_due", "at_occurrence"})
"""The rules under which nobody who comes later is charged with what was decided before."""


def moves(views: Views, proposal: ProposeHandover, moment: Moment) -> Moves | None:
    """What a handover moves once it is accepted; none where no such assignment was known."""
    known, at = moment.known_position, proposal.effective_at
    assignments = views.rows(ASSIGNMENT, {"id": proposal.assignment_id, "at": at, "known": known})
    if not assignments:
        return None
    subject, leaver = assignments[0]["subject"], assignments[0]["person"]
    succession = Succession(
        proposal.assignment_id, leaver, proposal.to_person, at, of_customer=subject.startswith("customer:")
    )
    months = _until_now(at, views.reader.read(known - 1, 1)[0].recorded_at)
    found: list[MovedFigure] = []
    for _, kpi in sorted(DEFINITIONS.items()):
        days = months if kpi.attribution in _BY_THEN else replace(months, first=_ALWAYS)
        asked = Asked(kpi, days, Scope("person", str(leaver)), f"person:{leaver}", kpi.attribution)
        facts = Facts(views, asked, moment, subject)
        cases = Counter(facts.month_of(case) for case in _moved(facts, succession))
        found += [
            MovedFigure(kpi=kpi.code, definition_version=kpi.version, period=month, cases=cases[month])
            for month in sorted(cases)
        ]
    return Moves(position=known, figures=tuple(found))


def _until_now(at: datetime, now: datetime) -> Days:
    """The months from an instant to now, wherever on earth."""
    first, last = (at - _FAR_ZONES).date(), (now + _FAR_ZONES).date()
    return Days(f"{first:%Y-%m}/{last:%Y-%m}", first.replace(day=1), period(f"{last:%Y-%m}").after)


def _moved(facts: Facts, succession: Succession) -> Iterator[Case]:
    """The counted cases of which the leaver would be charged with less."""
    for case in facts.held_since(succession.at):
        if case.score is not None:
            before, after = (
                _charged(succession.leaver, item, facts) for item in (case.item, succession.succeeded(case.item))
            )
            if after < before:
                yield case


def _charged(person: UUID, item: Item, facts: Facts) -> Fraction:
    pieces = charge(item, facts.asked.rule, facts.now).pieces
    return sum((piece.share for piece in pieces if piece.holding.person == person), Fraction(0))
