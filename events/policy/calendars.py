"""The working calendar."""

from events.base import Event
from events.vocabulary.working_calendar import WorkingCalendar


class WorkingCalendarPublished(Event, name="policy.working-calendar-published", occurs=None):
    """The working days and hours, in full."""

    edition: int
    calendar: WorkingCalendar
