"""A running server with the sample company, and a client that asks it as an outsider would."""

import socket
import threading
from collections.abc import Iterator

import httpx2
import pytest
import uvicorn

from services.application import Zeren
from services.http.app import create_app
from services.review.router import review_router
from services.settings import Settings
from tests.golden.asking import Asking, Names
from tests.sample.company import shared
from tests.waiting import PATIENCE, eventually


@pytest.fixture(scope="session")
def ask(postgres: str) -> Iterator[Asking]:
    """Asks the server; everything of the sample company is in its views."""
    url, _ = shared(postgres)
    with Zeren(url) as zeren, socket.create_server(("127.0.0.1", 0)) as listening:
        settings = Settings(dev_auth=True)
        app = create_app(zeren, settings, pages=[review_router(zeren, settings)])
        server = uvicorn.Server(uvicorn.Config(app, log_level="warning"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
        thread.start()
        eventually(lambda: server.started)
        eventually(lambda: zeren.views.position() == zeren.ledger.size())
        port = listening.getsockname()[1]
        address, headers = f"http://127.0.0.1:{port}", {"Authorization": "Dev system"}
        with httpx2.Client(base_url=address, headers=headers, timeout=PATIENCE) as client:
            yield Asking(client, zeren.ledger.size())
        server.should_exit = True
        thread.join()


@pytest.fixture(scope="session")
def names(ask: Asking) -> Names:
    """The names of the story."""
    return Names(ask)
