"""The customer's tier over time."""

from events.base import Event
from events.vocabulary.values import Instant, Tier


class TierAssigned(Event, name="customer.tier-assigned", occurs=None):
    """The customer belongs to a tier from `since` on."""

    tier: Tier
    since: Instant


class TierOverridden(Event, name="customer.tier-overridden", occurs=None):
    """Somebody set the tier against the rule, for a stated reason."""

    tier: Tier
    since: Instant


TierEvent = TierAssigned | TierOverridden
