"""The service levels that complaints in the story run under."""

from datetime import date, datetime

from commands.policy.rules import PublishServiceLevels
from events.vocabulary.policies import Level
from events.vocabulary.values import Severity, Tier
from services.handling.first_rules import first_rules
from services.sample.days import Days, midnight

_FIRST = next(rule.levels for rule in first_rules() if isinstance(rule, PublishServiceLevels))
_TWO_HOURS = 120

NEW_LEVELS = tuple(
    level.model_copy(update={"first_response_minutes": _TWO_HOURS})
    if (level.tier, level.severity) == (None, "medium")
    else level
    for level in _FIRST
)
"""The second edition: ordinary complaints are answered within two hours."""


def new_levels_since(days: Days) -> date:
    """The day from which on the second edition is in force."""
    return days.before_today(270)


def level(days: Days, tier: Tier, severity: Severity, received_at: datetime) -> Level:
    """The service level of a complaint; one for the tier goes before one for all."""
    levels = NEW_LEVELS if received_at >= midnight(new_levels_since(days)) else _FIRST
    of_severity = [one for one in levels if one.severity == severity]
    return next((one for one in of_severity if one.tier == tier), None) or next(
        one for one in of_severity if one.tier is None
    )
