"""The names that people read instead of ids."""

from uuid import UUID

from projections.customer.profile import questions as customers
from projections.person.directory import questions as people
from services.questions.views import Views


class Names:
    """Names by id, each asked for once; an id without a name stands for itself, shortened."""

    def __init__(self, views: Views) -> None:
        self._views = views
        self._found: dict[tuple[str, str], str] = {}

    def person(self, identifier: UUID | str) -> str:
        """The name of a person."""
        return self._name(people.NAME, identifier)

    def customer(self, identifier: UUID | str) -> str:
        """The name of a customer."""
        return self._name(customers.NAME, identifier)

    def actor(self, actor: str) -> str:
        """The name of an actor: a person's name, else the rule or system as it is."""
        kind, _, identifier = actor.partition(":")
        return self.person(identifier) if kind == "person" else actor

    def customers_like(self, text: str) -> dict[UUID, str]:
        """Up to ten customers whose name is, or else holds, a text."""
        rows = self._views.rows(customers.LIKE, {"text": text})
        exact = [row for row in rows if row["name"].casefold() == text.casefold()]
        return {row["customer_id"]: row["name"] for row in exact or rows}

    def _name(self, query: str, identifier: UUID | str) -> str:
        key = (query, str(identifier))
        if key not in self._found:
            rows = self._views.rows(query, {"id": UUID(str(identifier))})
            self._found[key] = rows[0]["name"] if rows else str(identifier)[:8]
        return self._found[key]
