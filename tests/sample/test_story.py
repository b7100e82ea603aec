"""The story can be told on any day, keeps to the rules and to the working calendar."""

from collections import Counter
from datetime import date, timedelta

import pytest

from commands.responsibility import CorrectResponsibility
from events.catalogue import CATALOGUE
from events.customer.commitments import CommitmentFellDue
from events.customer.interactions import InteractionLogged
from events.customer.obligations import ObligationFellDue
from events.customer.visits import VisitRecorded
from events.person.directory import PersonDeactivated
from events.responsibility import ResponsibilityAssigned, ResponsibilityEnded
from services.handling.first_rules import chinese_working_calendar
from services.sample.chapters import breach, leave, mistaken, vacancy
from services.sample.days import SHANGHAI, Days, midnight
from services.sample.people import MA
from services.sample.whole import story
from tests.sample.company import DAY
from tests.sample.in_memory import happen

NOT_TOLD = {CommitmentFellDue.event_name, ObligationFellDue.event_name}
"""What the deadline process records, not a person."""

DAYS = [
    date(2026, 1, 1),
    date(2026, 3, 10),
    date(2026, 4, 1),
    date(2026, 7, 1),
    date(2026, 10, 8),
    date(2026, 12, 31),
    date(2027, 2, 17),
    date(2028, 2, 29),
    date(2029, 1, 31),
]


@pytest.mark.parametrize("today", DAYS, ids=str)
def test_on_any_day_no_rule_refuses_and_every_kind_of_event_happens(today: date) -> None:
    days = Days(today)
    happened = happen(days.beginning, story(today))
    kinds = Counter(event.event_name for _, events in happened for event in events)
    from_the_start = {
        "policy.role-catalogue-published",
        "policy.working-calendar-published",
        "policy.cadence-published",
    }
    assert set(kinds) == set(CATALOGUE) - NOT_TOLD - from_the_start
    assert all(events for _, events in happened), "an entry said nothing new"


@pytest.mark.parametrize("today", DAYS, ids=str)
def test_the_story_keeps_within_its_two_years(today: date) -> None:
    days = Days(today)
    told = [entry.at for entry in story(today)]
    assert told == sorted(told)
    assert days.beginning <= told[0]
    assert told[-1] < midnight(today)
    assert midnight(today) - told[-1] < timedelta(days=14)


@pytest.mark.parametrize("today", DAYS, ids=str)
def test_the_anchors_lie_within_the_story_and_in_order(today: date) -> None:
    days = Days(today)
    assert mistaken.asked_at(days) == mistaken.asked_at(days).replace(year=today.year - 1, month=3, day=10)
    assert days.beginning < mistaken.asked_at(days) < mistaken.known_before(days) < days.end
    corrected = [
        entry.at
        for entry in story(today)
        for command in entry.told
        if isinstance(command, CorrectResponsibility) and entry.at > mistaken.asked_at(days)
    ]
    assert min(corrected) > mistaken.known_before(days)
    assert leave.promised_at(days) < leave.starts(days) < leave.due_at(days)
    assert leave.taken_over_at(days) - leave.due_at(days) == timedelta(days=2)
    assert leave.kept_at(days) < midnight(breach.tuesday(days))
    first, until = days.last_quarter()
    assert first <= vacancy.begins(days) < vacancy.ends(days) < until <= today


def test_contacts_are_made_on_working_days() -> None:
    calendar = chinese_working_calendar()
    days = [
        (event.visited_at if isinstance(event, VisitRecorded) else event.at).astimezone(SHANGHAI).date()
        for _, events in happen(Days(DAY).beginning, story(DAY))
        for event in events
        if isinstance(event, VisitRecorded | InteractionLogged)
    ]
    assert len(days) > 1000
    assert [day for day in days if not calendar.is_working_day(day)] == []


def test_the_same_day_is_told_the_same_way() -> None:
    assert story(DAY) == story(DAY)


def test_a_later_day_tells_of_the_same_people_and_customers() -> None:
    streams = {entry.stream for entry in story(DAY)}
    assert streams == {entry.stream for entry in story(DAY + timedelta(days=400))}


def test_somebody_who_left_still_holds_something_until_that_is_noticed() -> None:
    events = [event for _, happening in happen(Days(DAY).beginning, story(DAY)) for event in happening]
    (left,) = [event for event in events if isinstance(event, PersonDeactivated)]
    held = {
        event.assignment_id for event in events if isinstance(event, ResponsibilityAssigned) if event.person == MA.id
    }
    ends = [event.until for event in events if isinstance(event, ResponsibilityEnded) if event.assignment_id in held]
    assert sorted(until > left.since for until in ends) == [False, True]
