"""The settings of a process, from its environment."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path


class SettingsError(Exception):
    """A setting is unknown or unsafe."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What the environment says."""

    database_url: str | None = None
    """A PostgreSQL server; none for the embedded one."""
    direct_url: str | None = None
    """That server itself, where `database_url` leads to a pooler; none where it does not."""
    read_url: str | None = None
    """A streaming replica of that server, to answer questions from; none to answer them from the server itself."""
    notify: bool = True
    """Whether processes wake each other through the database; without it they find out by looking, 200 ms later."""
    kafka_bootstrap_servers: str | None = None
    """`host:port,…`; none for no relay."""
    kafka_topic: str = "zeren.events"
    dev_auth: bool = False
    """Whether anybody on this machine may act as anybody."""

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> "Settings":
        """Read `ZEREN_…` variables.

        Raises:
            SettingsError: `ZEREN_AUTH` is neither empty nor `dev`, `ZEREN_NOTIFY` neither `on` nor `off`, or
                `ZEREN_DIRECT_URL` given without `ZEREN_DATABASE_URL`.
        """
        auth = environment.get("ZEREN_AUTH", "")
        if auth not in {"", "dev"}:
            raise SettingsError("ZEREN_AUTH can only be 'dev' in this release; real authentication comes later")
        notify = environment.get("ZEREN_NOTIFY") or "on"
        if notify not in {"on", "off"}:
            raise SettingsError("ZEREN_NOTIFY is 'on' or 'off'")
        database_url, direct_url = (environment.get(f"ZEREN_{name}_URL") or None for name in ("DATABASE", "DIRECT"))
        if direct_url and not database_url:
            raise SettingsError("ZEREN_DIRECT_URL goes with ZEREN_DATABASE_URL: give that, or both")
        return cls(
            database_url=database_url,
            direct_url=direct_url,
            read_url=environment.get("ZEREN_READ_URL") or None,
            notify=notify == "on",
            kafka_bootstrap_servers=environment.get("ZEREN_KAFKA_BOOTSTRAP_SERVERS") or None,
            kafka_topic=environment.get("ZEREN_KAFKA_TOPIC") or "zeren.events",
            dev_auth=auth == "dev",
        )


DEFAULT_DATA = Path(".zeren")
"""Where the embedded database keeps its files unless told otherwise."""
