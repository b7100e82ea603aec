"""Which partition a stream lies in: that of Kafka's own clients, with the hash of every stream worked out once."""

from functools import lru_cache
from typing import Any

from kafka.partitioner import Partitioner  # type: ignore[import-untyped]
from kafka.partitioner.default import murmur2  # type: ignore[import-untyped]

_REMEMBERED = 1 << 17


class ByStream(Partitioner):  # type: ignore[misc]
    """Kafka's default for records with a key; kafka-python's own takes as long for the hash as for the record."""

    def partition(
        self, topic: str, _key: object, serialized_key: bytes, _value: object, _serialized_value: bytes, cluster: Any
    ) -> int:
        """The partition of a key."""
        return _hash(serialized_key) % len(cluster.partitions_for_topic(topic))


@lru_cache(maxsize=_REMEMBERED)
def _hash(key: bytes) -> int:
    return int(murmur2(key)) & 0x7FFF_FFFF
