"""How every client of ours reaches Kafka."""

from collections.abc import Callable
from typing import Any

from kafka.net.compat import KafkaNetClient  # type: ignore[import-untyped]

_CONNECTING: dict[str, Any] = {
    "client_id": "zeren-relay",
    "bootstrap_timeout_ms": 5_000,
    "request_timeout_ms": 10_000,
    "reconnect_backoff_max_ms": 1_000,
    "metadata_max_age_ms": 60_000,
}


def connected(make: Callable[..., Any], servers: str, **settings: Any) -> Any:
    """A client that has found the cluster; nothing is left behind of one that has not.

    The constructors of kafka-python start threads and open sockets before they look for a broker.

    Raises:
        KafkaError: no broker answered within 5 seconds, unless `bootstrap_timeout_ms` says otherwise.
    """
    opened: list[Any] = []

    def network(**configs: Any) -> Any:
        opened.append(KafkaNetClient(**configs))
        return opened[-1]

    try:
        return make(bootstrap_servers=servers, kafka_client=network, **(_CONNECTING | settings))
    except Exception:
        for client in opened:
            client.close()
        raise
