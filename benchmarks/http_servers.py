"""The servers that are measured over HTTP, each as a process of its own on one worker."""

import sys
from collections.abc import Callable
from typing import Any
from uuid import UUID

import uvicorn
from eventsourcing.application import Application
from eventsourcing.domain import Aggregate, event
from fastapi import FastAPI
from psycopg.conninfo import conninfo_to_dict
from pydantic import BaseModel

from services.application import Zeren
from services.cli.serve import settle_memory
from services.http.app import create_app
from services.settings import Settings

CONSTANT = "/v1/constant"
"""Where the constant is."""
RECEIPT = {
    "stream": "customer:0198a000-0000-7000-8000-000000000002",
    "version": 17,
    "position": 123456,
    "events": [{"id": "0198a000-0000-7000-8000-000000000003", "name": "customer.interaction-logged", "version": 17}],
}
"""What a receipt of ours looks like."""


class Customer(Aggregate):
    """A customer as the library's documentation would write it."""

    def __init__(self, id: UUID, name: str) -> None:  # noqa: A002 - the library's own word
        self._id = id
        self.name = name
        self.contacts: dict[str, dict[str, Any]] = {}

    @staticmethod
    def create_id(id: UUID, name: str) -> UUID:  # noqa: A002, ARG004 - the library passes what the constructor takes
        """The client's id."""
        return id

    @event("ContactLogged")
    def log_contact(self, interaction_id: str, contact: dict[str, Any]) -> None:
        """Remember a contact."""
        self.contacts[interaction_id] = contact


class Registration(BaseModel):
    """What is said of a new customer."""

    name: str


class Contact(BaseModel):
    """What is said of a contact."""

    interaction_id: UUID
    at: str
    channel: str
    direction: str
    our_attendees: list[UUID]
    content: str
    result: str


def zeren(url: str) -> FastAPI:
    """Our application, as one of several API processes: views are kept by a process of their own."""
    return create_app(Zeren(url, projecting=False), Settings(dev_auth=True))


def constant(url: str) -> FastAPI:
    """The limit: the same application with nothing to do, at a route that is found at once."""
    app = zeren(url)

    async def constant() -> dict[str, Any]:
        return RECEIPT

    app.add_api_route(CONSTANT, constant, methods=["POST"], status_code=201)
    app.router.routes.insert(0, app.router.routes.pop())
    return app


def bare(_url: str) -> FastAPI:
    """FastAPI alone with nothing to do: no middleware, one route."""
    app = FastAPI()

    @app.post(CONSTANT, status_code=201)
    async def constant() -> dict[str, Any]:
        return RECEIPT

    return app


def usual(url: str) -> FastAPI:
    """The usual pattern: an application of the library on its own PostgreSQL recorder, get and save per request."""
    at: dict[str, Any] = conninfo_to_dict(url)
    application: Application[UUID] = Application(
        env={
            "PERSISTENCE_MODULE": "eventsourcing.postgres",
            "POSTGRES_DBNAME": at["dbname"],
            "POSTGRES_HOST": at["host"],
            "POSTGRES_PORT": at.get("port", "5432"),
            "POSTGRES_USER": at["user"],
            "POSTGRES_PASSWORD": at.get("password", ""),
            "POSTGRES_MAX_OVERFLOW": "40",
            "AGGREGATE_CACHE_MAXSIZE": "10000",
        }
    )
    app = FastAPI()

    @app.post("/v1/customers/{id}/register-customer", status_code=201)
    def register(id: UUID, body: Registration) -> dict[str, Any]:  # noqa: A002 - the path parameter's name
        application.save(Customer(id, body.name))
        return RECEIPT

    @app.post("/v1/customers/{id}/log-interaction", status_code=201)
    def log(id: UUID, body: Contact) -> dict[str, Any]:  # noqa: A002 - the path parameter's name
        customer: Customer = application.repository.get(id)
        customer.log_contact(str(body.interaction_id), body.model_dump(mode="json"))
        application.save(customer)
        return RECEIPT

    return app


CONTESTANTS: dict[str, Callable[[str], FastAPI]] = {
    "zeren": zeren,
    "constant": constant,
    "bare": bare,
    "usual": usual,
}


def main() -> None:
    """Which one, the database's URL and the port are its arguments; ends on SIGTERM."""
    app = CONTESTANTS[sys.argv[1]](sys.argv[2])
    settle_memory()
    uvicorn.run(app, port=int(sys.argv[3]), log_level="warning", access_log=False)


if __name__ == "__main__":
    main()
