"""The application over a fresh ledger."""

from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient

from services.application import Zeren
from services.http.app import create_app
from services.settings import Settings
from tests.http.client import Api


@pytest.fixture
def client(zeren: Zeren) -> Iterator[TestClient]:
    """An HTTP client of the application, development access on."""
    with TestClient(create_app(zeren, Settings(dev_auth=True))) as opened:
        yield opened


@pytest.fixture
def api(client: TestClient, zeren: Zeren) -> Api:
    """The API as the administrator uses it, who has seen the first rules."""
    administrator = Api(client)
    administrator.position = zeren.ledger.size()
    return administrator
