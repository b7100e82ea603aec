"""What people, customers, roles and items are called on a page, each asked for once."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from events.vocabulary.policies import Role
from projections.names import NAMES
from services.language import Language, label, short_id
from services.questions.views import Views

_SHORTENED_TO = 32


class Names:
    """The names that one reader sees; `names(kind, id)` is none where there is no name."""

    def __init__(self, views: Views, language: Language, roles: Mapping[str, Role]) -> None:
        self._views = views
        self._language: Language = language
        self._roles = roles
        self._found: dict[tuple[str, str], str | None] = {}

    def __call__(self, kind: str, identifier: str) -> str | None:
        """The name of a thing of a kind."""
        if kind == "role":
            return self.role(identifier)
        key = (kind, identifier)
        if key not in self._found:
            rows = self._views.rows(NAMES[kind], {"id": UUID(identifier)}) if kind in NAMES else []
            self._found[key] = self._said(kind, rows[0]) if rows else None
        return self._found[key]

    def person(self, identifier: UUID | str) -> str:
        """The name of a person, else a short id."""
        return self("person", str(identifier)) or short_id(str(identifier))

    def role(self, code: str) -> str:
        """The name of a role in the newest catalogue, else its code."""
        role = self._roles.get(code)
        if role is None:
            return code
        return role.name_zh if self._language == "zh" else role.name_en

    def subject(self, subject: str) -> str:
        """What a subject in full, `customer:ID`, is called."""
        kind, _, identifier = subject.partition(":")
        return self(kind, identifier) or short_id(identifier)

    def actor(self, actor: str) -> str:
        """Who acted: a person, the administrator, or a rule of ours with its version."""
        kind, _, rest = actor.partition(":")
        if kind == "person":
            return self.person(rest)
        if not rest:
            return label("ui.actor.system", self._language)
        rule, _, version = rest.partition("@")
        return label("ui.actor.rule", self._language, rule=rule, version=version)

    def _said(self, kind: str, row: Mapping[str, Any]) -> str:
        match kind:
            case "assignment":
                role, person = self.role(row["role"]), self.person(row["person"])
                return label("ui.name.assignment", self._language, role=role, person=person)
            case "delegation":
                return f"“{self.person(row['person'])}”"
            case "handover":
                return f"{self.person(row['from_person'])} → {self.person(row['to_person'])}"
            case "commitment" | "complaint":
                text = str(row["name"])
                return f"“{text if len(text) <= _SHORTENED_TO else f'{text[: _SHORTENED_TO - 1]}…'}”"
            case _:
                return str(row["name"])
