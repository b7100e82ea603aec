"""When a complaint has to be answered and resolved: what its service level gives, and what waiting adds."""

from datetime import datetime, timedelta
from typing import TypedDict

from aggregates.circumstances import Circumstances
from aggregates.refusal import Refused
from events.customer.complaints import ComplaintReceived, ServiceLevel
from events.vocabulary.values import LATEST, Severity, Tier
from events.vocabulary.working_calendar import WorkingCalendar


class Clocks(TypedDict):
    """The fields of a receipt that say what it was promised."""

    service_level: ServiceLevel
    first_response_due_at: datetime
    resolution_due_at: datetime
    provisional: bool


def started(
    received_at: datetime, severity: Severity, tier: Tier | None, calendar_edition: int, circumstances: Circumstances
) -> Clocks:
    """The clocks that a receipt starts, by the service levels of its instant and an edition of the calendar.

    Raises:
        Refused: no service level fits, or its time never comes.
    """
    policy = circumstances.policy()
    calendar = policy.calendars[calendar_edition - 1] if calendar_edition else None
    found = policy.level(tier, severity, received_at)
    if calendar is None or found is None:
        raise Refused("complaint.no-service-level", "severity")
    edition, level = found
    first_response_due_at, resolution_due_at = (
        _reached(calendar, received_at, timedelta(minutes=minutes), "received_at")
        for minutes in (level.first_response_minutes, level.resolution_minutes)
    )
    return {
        "service_level": ServiceLevel(
            policy_version=edition,
            calendar_version=calendar_edition,
            tier=tier,
            first_response_minutes=level.first_response_minutes,
            resolution_minutes=level.resolution_minutes,
        ),
        "first_response_due_at": first_response_due_at,
        "resolution_due_at": resolution_due_at,
        "provisional": not (calendar.knows(received_at) and calendar.knows(resolution_due_at)),
    }


def due_after_pause(
    received: ComplaintReceived, due_at: datetime, paused_at: datetime, at: datetime, circumstances: Circumstances
) -> datetime:
    """When the resolution is due if its clock goes on at an instant; a clock that had run out stays where it was.

    Raises:
        Refused: that time never comes.
    """
    if due_at < paused_at:
        return due_at
    calendar = circumstances.policy().calendars[received.service_level.calendar_version - 1]
    return _reached(calendar, at, calendar.between(paused_at, due_at), "at")


def _reached(calendar: WorkingCalendar, start: datetime, working: timedelta, at_fault: str) -> datetime:
    try:
        due = calendar.add(start, working)
    except ValueError as too_little_time:
        raise Refused("complaint.no-due-time", at_fault) from too_little_time
    if due >= LATEST:
        raise Refused("complaint.no-due-time", at_fault)
    return due
