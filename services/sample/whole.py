"""The whole story of one day, chapter by chapter."""

from datetime import date

from services.sample.chapters import (
    calls,
    changes,
    complaints,
    contracts,
    leave,
    mistaken,
    opening,
    projects,
    rules,
    stand_in,
    surveys,
    vacancy,
    visits,
)
from services.sample.days import Days
from services.sample.duties import Duties
from services.sample.story import Entry, Story


def story(today: date) -> list[Entry]:
    """Everything that is entered in the two years before `today`, by recorded time; always the same."""
    told = Story(Days(today))
    duties = Duties(told)
    opening.tell(told, duties)
    mistaken.tell(told, duties)
    leave.tell(told, duties)
    stand_in.tell(told, duties)
    changes.tell(told, duties)
    vacancy.tell(told, duties)
    rules.tell(told)
    calls.tell(told, duties)
    visits.tell(told, duties)
    complaints.tell(told, duties)
    surveys.tell(told, duties)
    projects.tell(told)
    contracts.tell(told)
    return told.in_order()
