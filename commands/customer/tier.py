"""Orders about the customer's tier."""

from commands.base import Command
from events.vocabulary.values import Instant, Prose, Tier


class AssignTier(Command):
    """Put the customer into a tier from `since` on."""

    tier: Tier
    since: Instant


class OverrideTier(Command):
    """Set the tier against the rule, for a stated reason."""

    tier: Tier
    since: Instant
    reason: Prose


TierCommand = AssignTier | OverrideTier
