"""A client of the API that acts as one person and speaks in sentences."""

import json
from typing import Any
from uuid import UUID, uuid4

from fastapi.testclient import TestClient
from httpx2 import Response


class Api:
    """Commands and queries over HTTP, as `actor` (`system` or a person's id)."""

    def __init__(self, client: TestClient, actor: str = "system") -> None:
        self.client = client
        self.headers = {"Authorization": f"Dev {actor}"}
        self.position = 0

    def command(self, path: str, body: dict[str, Any], **headers: str) -> Response:
        """Give a command; the position of its outcome is remembered for the next question."""
        answer = self.client.post(f"/v1/{path}", content=json.dumps(body), headers=self.headers | headers)
        if answer.is_success:
            self.position = max(self.position, answer.json()["position"])
        return answer

    def accepted(self, path: str, body: dict[str, Any], **headers: str) -> dict[str, Any]:
        """Give a command that must be accepted."""
        answer = self.command(path, body, **headers)
        assert answer.status_code in {200, 201}, answer.text
        accepted: dict[str, Any] = answer.json()
        return accepted

    def refused(self, path: str, body: dict[str, Any], **headers: str) -> tuple[int, str]:
        """Give a command that must be refused: status and code."""
        answer = self.command(path, body, **headers)
        assert answer.is_client_error, answer.text
        assert answer.headers["content-type"] == "application/problem+json"
        return answer.status_code, answer.json()["code"]

    def get(self, path: str, **parameters: Any) -> Response:
        """Ask, without waiting for anything."""
        return self.client.get(f"/v1/{path}", params=parameters, headers=self.headers)

    def ask(self, path: str, **parameters: Any) -> dict[str, Any]:
        """Ask, seeing at least what this client did before."""
        answer = self.get(path, at_least=self.position, **parameters)
        assert answer.status_code == 200, answer.text
        answered: dict[str, Any] = answer.json()
        return answered

    def person(self, name: str, **fields: Any) -> UUID:
        """Register somebody."""
        identifier = uuid4()
        self.accepted(f"people/{identifier}/register-person", {"name": name, **fields})
        return identifier

    def customer(self, name: str, **fields: Any) -> UUID:
        """Register a customer."""
        identifier = uuid4()
        self.accepted(f"customers/{identifier}/register-customer", {"name": name, **fields})
        return identifier

    def assigned(self, customer: UUID, role: str, person: UUID, since: str, until: str | None = None) -> UUID:
        """Assign a role of a customer."""
        identifier = uuid4()
        self.accepted(
            f"customers/{customer}/assign-responsibility",
            {
                "assignment_id": str(identifier),
                "role": role,
                "person": str(person),
                "involvement": "accountable",
                "since": since,
                "until": until,
            },
        )
        return identifier
