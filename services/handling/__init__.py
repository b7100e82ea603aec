"""Handles commands: the rules decide on the state, the events are recorded, all or nothing per group."""

from services.handling.completing import Completing
from services.handling.requests import (
    BusyError,
    Condition,
    Failure,
    GroupResult,
    KeyReusedError,
    NotAnsweredError,
    Outcome,
    RecordedEvent,
    Request,
    VersionMismatchError,
    context,
)
from services.handling.tasks import TaskHandler
from services.handling.threads import CommandHandler, Rehearsal

__all__ = [
    "BusyError",
    "CommandHandler",
    "Completing",
    "Condition",
    "Failure",
    "GroupResult",
    "KeyReusedError",
    "NotAnsweredError",
    "Outcome",
    "RecordedEvent",
    "Rehearsal",
    "Request",
    "TaskHandler",
    "VersionMismatchError",
    "context",
]
