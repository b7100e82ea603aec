"""How often customers are to be contacted."""

from events.base import Event
from events.vocabulary.policies import CadenceRule
from events.vocabulary.values import Instant


class CadencePublished(Event, name="policy.cadence-published", occurs=None):
    """The cadence from `since` on, in full."""

    edition: int
    since: Instant
    rules: tuple[CadenceRule, ...]
