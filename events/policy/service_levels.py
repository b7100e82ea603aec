"""How fast complaints are to be answered and resolved."""

from events.base import Event
from events.vocabulary.policies import Level
from events.vocabulary.values import Instant


class ServiceLevelsPublished(Event, name="policy.service-levels-published", occurs=None):
    """The service levels for complaints received from `since` on, in full."""

    edition: int
    since: Instant
    levels: tuple[Level, ...]
