"""Questions over HTTP in the words of the story: names instead of ids, Shanghai time instead of UTC."""

from datetime import datetime
from functools import cached_property
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

import httpx2

SHANGHAI = ZoneInfo("Asia/Shanghai")


def on(moment: str) -> str:
    """An instant by the clocks of Shanghai, as the API takes it: `2025-03-10 10:00`."""
    return datetime.fromisoformat(moment).replace(tzinfo=SHANGHAI).isoformat()


def local(instant: str | None) -> str | None:
    """An instant of an answer by the clocks of Shanghai: `2025-03-10 10:00`."""
    return f"{datetime.fromisoformat(instant).astimezone(SHANGHAI):%Y-%m-%d %H:%M}" if instant else None


class Asking:
    """Asks a server whose views have to reach a position first."""

    def __init__(self, client: httpx2.Client, position: int) -> None:
        self.client = client
        self.position = position

    def get(self, path: str, **parameters: Any) -> dict[str, Any]:
        """The answer to a question."""
        return self.as_printed(f"{path}?{urlencode({'at_least': self.position, **parameters})}")

    def as_printed(self, path: str) -> dict[str, Any]:
        """The answer to a path that carries its own parameters."""
        answer = self.client.get(path)
        assert answer.status_code == 200, f"{path}: {answer.text}"
        found: dict[str, Any] = answer.json()
        return found

    @cached_property
    def _log(self) -> list[dict[str, Any]]:
        events: list[dict[str, Any]] = []
        page = "/v1/events?limit=1000"
        while page:
            answer = self.as_printed(page)
            events += answer["events"]
            page = answer["next"]
        return events

    def log(self, *names: str) -> list[dict[str, Any]]:
        """The events of these names, in order."""
        return [event for event in self._log if event["name"] in names]


class Names:
    """Who and what is meant by an id, as the log says."""

    def __init__(self, ask: Asking) -> None:
        registered = ask.log("person.registered", "customer.registered")
        self.streams: dict[str, str] = {event["data"]["name"]: str(event["stream"]) for event in registered}
        self.names: dict[str, str] = {stream.partition(":")[2]: name for name, stream in self.streams.items()}

    def of(self, identifier: str) -> str:
        """The name that belongs to an id."""
        return self.names[identifier]

    def customer(self, name: str) -> str:
        """A customer as a subject, `customer:ID`."""
        return self.streams[name]
