"""The role catalogue."""

from events.base import Event
from events.vocabulary.policies import Role


class RoleCataloguePublished(Event, name="policy.role-catalogue-published", occurs=None):
    """The roles from now on, in full."""

    edition: int
    roles: tuple[Role, ...]
