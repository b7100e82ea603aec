"""Orders about the customer's tier."""

from commands.base import Command
from events.vocabulary.values import Instant, Reason, Tier


class AssignTier(Command):
    """Put the customer into a tier from `since` on."""

    tier: Tier
    """The tier."""
    since: Instant
    """Start, included."""


class OverrideTier(Command):
    """Set the tier against the rule, for a stated reason."""

    tier: Tier
    """The tier."""
    since: Instant
    """Start, included."""
    reason: Reason
    """Why, in the actor's words."""


TierCommand = AssignTier | OverrideTier
