"""Who was responsible: holders, timelines, portfolios, and what changed an answer."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, Literal
from uuid import UUID

from pydantic import BaseModel, Field

from events.recorded import Recorded
from events.vocabulary.values import Involvement
from projections.responsibility import questions
from projections.responsibility.rows import post_of
from services.questions.asked import Asked, asked
from services.questions.leavers import DESCRIPTION as LEFT
from services.questions.views import Moment, ViewBehindError, Views
from services.store.reading.asking import Asking, Parameter, Row
from services.store.reading.log_reader import last_recorded

VIEWS = ("responsibility", "lives")
"""What an answer is read from: who holds what, and who has left."""
Kind = Literal["principal", "acting"]


class Holder(BaseModel):
    """Somebody who holds a role for a subject over an interval."""

    subject: str = Field(description="`customer:ID`, `project:ID`, `commitment:ID` or `complaint:ID`")
    role: str = Field(description="Code of the role catalogue")
    person: UUID = Field(description="Id of the holder")
    assignment_id: UUID = Field(description="The assignment; for an acting holder the principal's")
    kind: Kind = Field(description="`principal`, or `acting` by delegation: the principal stays accountable")
    involvement: Involvement = Field(description="`responsible`, `accountable`, `consulted` or `informed`")
    since: datetime = Field(description="Start of the interval, included")
    until: datetime | None = Field(description="End of the interval, excluded; null while it is open")
    events: list[UUID] = Field(description="Ids of the events that prove it")
    left: bool = Field(default=False, description=LEFT)


class Leaver(Holder):
    """Something that is held by somebody who has left."""

    left_since: datetime = Field(description="When the person left")
    left_events: list[UUID] = Field(description="Ids of the events that prove it")


class WhoAnswer(Asked):
    """Who held a role for a subject; an empty list is an answer."""

    subject: str = Field(description="The subject that was asked about")
    role: str | None = Field(description="The role that was asked about; null for all")
    holders: list[Holder] = Field(description="Principals first")


class Timeline(Asked):
    """One page of the intervals of every role of a subject."""

    subject: str = Field(description="The subject that was asked about")
    intervals: list[Holder] = Field(description="By role, then start")
    next: str | None = Field(default=None, description="Address of the next page; null on the last one")


class LeaverPage(Asked):
    """One page of what people hold who have left."""

    items: list[Leaver] = Field(description="By person")
    next: str | None = Field(description="Address of the next page; null on the last one")


class Portfolio(Asked):
    """What a person held."""

    person: UUID = Field(description="The person that was asked about")
    holdings: list[Holder] = Field(description="By subject, then role")


_AT_POSITION = questions.answer("coalesce($4::bigint, reached.position)")
"""`$4`: the known position; the view's own where it is null."""
_AT_TIME = questions.answer(f"coalesce(({last_recorded('$4::timestamptz')}), 0)")
"""`$4`: the known time."""
_POST_AT_POSITION = questions.answer_of_post("$3::bigint")
_POST_AT_TIME = questions.answer_of_post_at(last_recorded("$3::timestamptz"))
"""The same for one post, with `$3` in the place of `$4`."""


@dataclass(frozen=True, slots=True)
class Question:
    """Who held a role for a subject in full, `customer:ID`, all roles where none is given; `Views.moment` says when."""

    subject: str
    role: str | None = None
    effective_at: datetime | None = None
    known_at: datetime | None = None
    known_position: int | None = None
    at_least: int | None = None


def ask(views: Views, question: Question) -> WhoAnswer:
    """The answer in one round trip; where the views have yet to come far enough, it waits as `Views.moment` does.

    Raises:
        ViewBehindError, PositionUnknownError, KnownInFutureError: as `Views.moment`.
    """
    at = question.effective_at or datetime.now(UTC)
    found = None if _is_for_views(views, question) else _found(question, at, _rows(views.database.asking, question, at))
    if found is not None:
        return found
    moment = views.moment(
        *VIEWS,
        effective_at=at,
        known_at=question.known_at,
        known_position=question.known_position,
        at_least=question.at_least,
    )
    return who(views, question.subject, question.role, moment)


async def ask_soon(views: Views, question: Question) -> WhoAnswer:
    """The same as `ask` for the tasks of an event loop, which it does not hold up.

    Raises:
        ViewBehindError, PositionUnknownError, KnownInFutureError: as `Views.moment`.
    """
    at = question.effective_at or datetime.now(UTC)
    asking = views.database.asking
    found = None if _is_for_views(views, question) else _found(question, at, await _rows_soon(asking, question, at))
    if found is not None:
        return found
    reached = await views.reached(
        *VIEWS, known_at=question.known_at, known_position=question.known_position, at_least=question.at_least
    )
    question = replace(question, known_at=None, known_position=reached.known_position)
    found = _found(question, at, await _rows_soon(asking, question, at))
    if found is None:
        raise ViewBehindError
    return found


def who(views: Views, subject: str, role: str | None, moment: Moment) -> WhoAnswer:
    """The holders of a role (all roles where none is given) for a subject in full, `customer:ID`."""
    question = Question(subject, role, known_position=moment.known_position)
    rows = _rows(views.database.asking, question, moment.effective_at)
    return _answer(question, moment.effective_at, moment.known_position, moment.position, rows)


def _is_for_views(views: Views, question: Question) -> bool:
    """Whether `Views` looks the known time up: it may be to come, or a replica may lack what was recorded by then."""
    return question.known_at is not None and (views.on_replica or question.known_at > datetime.now(UTC))


def _rows(asking: Asking, question: Question, at: datetime) -> list[Row]:
    """What is found for the post; by both times where that does not settle it, or all roles are asked about."""
    if question.role is not None:
        rows = asking.rows(*_of_post(question, question.role, at))
        if _settled(rows[0]):
            return rows
    return asking.rows(*_by_both_times(question, at))


async def _rows_soon(asking: Asking, question: Question, at: datetime) -> list[Row]:
    if question.role is not None:
        rows = await asking.rows_soon(*_of_post(question, question.role, at))
        if _settled(rows[0]):
            return rows
    return await asking.rows_soon(*_by_both_times(question, at))


def _of_post(question: Question, role: str, at: datetime) -> tuple[str, Sequence[Parameter]]:
    post = post_of(question.subject, role)
    if question.known_position is None and question.known_at is not None:
        return _POST_AT_TIME, (post, at, question.known_at)
    return _POST_AT_POSITION, (post, at, question.known_position)


def _by_both_times(question: Question, at: datetime) -> tuple[str, Sequence[Parameter]]:
    if question.known_position is None and question.known_at is not None:
        return _AT_TIME, (question.subject, question.role, at, question.known_at)
    return _AT_POSITION, (question.subject, question.role, at, question.known_position)


def _settled(row: Row) -> bool:
    """Whether nobody else can have held the post; see `questions.answer_of_post`."""
    only_ends, person = row[2], row[3]
    return only_ends is None or (only_ends and person is not None)


def _found(question: Question, at: datetime, rows: Sequence[Row]) -> WhoAnswer | None:
    """The answer; none where the views have not come far enough for it."""
    position, known = rows[0][:2]
    if position < max(known, question.at_least or 0):
        return None
    return _answer(question, at, known, position, rows)


def _answer(question: Question, at: datetime, known: int, position: int, rows: Sequence[Row]) -> WhoAnswer:
    """Principals before those who act for them, role by role."""
    if len(rows) > 1:
        rows = sorted(rows, key=lambda row: (row[11], row[5] != "principal", row[7], row[12]))
    # One call checks the whole; one for each part takes half as long again.
    return WhoAnswer.model_validate(
        {
            "subject": question.subject,
            "role": question.role,
            "effective_at": at,
            "known_position": known,
            "position": position,
            "holders": [
                {
                    "subject": question.subject,
                    "role": question.role or row[11],
                    "person": row[3],
                    "assignment_id": row[4],
                    "kind": row[5],
                    "involvement": row[6],
                    "since": row[7],
                    "until": row[8],
                    "events": row[9],
                    "left": row[10],
                }
                for row in rows
                if row[3] is not None
            ],
        }
    )


def timeline(subject: str, rows: Iterable[dict[str, Any]], link: str | None, moment: Moment) -> Timeline:
    """A page of the intervals of a subject as it was known."""
    return Timeline(subject=subject, intervals=_holders(rows), next=link, **asked(moment))


def portfolio(views: Views, person: UUID, moment: Moment) -> Portfolio:
    """What a person held at an instant, acting included."""
    rows = views.rows(
        questions.PORTFOLIO, {"person": person, "at": moment.effective_at, "known": moment.known_position}
    )
    return Portfolio(person=person, holdings=_holders(rows), **asked(moment))


class Change(BaseModel):
    """An event that changed an answer."""

    id: UUID = Field(description="The event's id")
    position: int = Field(description="Its place in the log")
    name: str = Field(description="The event's permanent name")
    recorded_at: datetime = Field(description="When the ledger learned it")
    actor: str = Field(description="Who recorded it")
    reason: str | None = Field(description="Why, in the actor's words")
    data: dict[str, Any] = Field(description="The fact itself")


class Difference(BaseModel):
    """One question asked as known at two times, and what changed the answer in between."""

    then: WhoAnswer = Field(description="The answer as known at the earlier time")
    now: WhoAnswer = Field(description="The answer as known at the later time")
    differs: bool = Field(description="Whether the two answers differ: in holders, in intervals, or in who has left")
    changes: list[Change] = Field(description="The events that changed the answer, in order")


def explained(
    views: Views, subject: str, role: str | None, effective_at: datetime, from_known: int, to_known: int
) -> list[Change]:
    """The events that changed the answer between two known positions, in order."""
    rows = views.rows(
        questions.CHANGES,
        {"subject": subject, "role": role, "at": effective_at, "from_known": from_known, "to_known": to_known},
    )
    return [_change(recorded) for recorded in views.reader.read_positions([row["position"] for row in rows])]


def difference(views: Views, subject: str, role: str | None, then: Moment, now: Moment) -> Difference:
    """The answers at two known times, and what changed the first into the second."""
    before, after = who(views, subject, role, then), who(views, subject, role, now)
    return Difference(
        then=before,
        now=after,
        differs=before.holders != after.holders,
        changes=explained(views, subject, role, now.effective_at, then.known_position, now.known_position),
    )


def _change(recorded: Recorded) -> Change:
    return Change(
        id=recorded.id,
        position=recorded.position,
        name=recorded.event.event_name,
        recorded_at=recorded.recorded_at,
        actor=recorded.context.actor,
        reason=recorded.context.reason,
        data=recorded.event.model_dump(mode="json"),
    )


def _holders(rows: Iterable[dict[str, Any]]) -> list[Holder]:
    return [Holder.model_validate(row) for row in rows]
