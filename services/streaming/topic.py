"""The topic: created where it is absent, and looked at before anything is sent."""

from contextlib import closing
from dataclasses import dataclass
from typing import Any

from kafka import KafkaAdminClient, TopicPartition  # type: ignore[import-untyped]
from kafka.admin import ConfigResource, ConfigResourceType, OffsetSpec  # type: ignore[import-untyped]

from services.streaming.clients import connected

PARTITIONS = 6
"""Partitions of a topic that we create; they must never become more, or keys would move between them."""

_KEPT = {"cleanup.policy": "delete", "retention.ms": "-1", "retention.bytes": "-1"}
_LARGEST = "max.message.bytes"


class CompactedTopicError(Exception):
    """Kafka would remove events from the topic: of each stream it would keep the last one only."""


@dataclass(frozen=True, slots=True)
class Topic:
    """What the relay needs to know about its topic."""

    name: str
    largest: int
    """Bytes of the largest batch that the broker takes."""
    taken: int
    """How many records the topic has ever taken; retention does not lower it."""


def open_topic(servers: str, name: str) -> Topic:
    """Create the topic if it is absent, and look at it.

    Raises:
        CompactedTopicError: its clean-up policy is not plain `delete`.
        KafkaError: Kafka is away or refuses.
    """
    with closing(connected(KafkaAdminClient, servers)) as admin:
        if name not in admin.list_topics():
            admin.create_topics({name: {"num_partitions": PARTITIONS, "configs": _KEPT}}, wait_for_metadata=True)
        settings = _settings(admin, name)
        policy = settings["cleanup.policy"]
        if policy != "delete":
            raise CompactedTopicError(
                f"topic {name} has cleanup.policy={policy} and would lose events: set it to delete"
            )
        return Topic(name, int(settings[_LARGEST]), _taken(admin, name))


def _settings(admin: Any, name: str) -> dict[str, str]:
    asked = ConfigResource(ConfigResourceType.TOPIC, name, dict.fromkeys(("cleanup.policy", _LARGEST)))
    found = admin.describe_configs([asked], config_filter="all")["topic"][name]
    return {key: setting["value"] for key, setting in found.items()}


def _taken(admin: Any, name: str) -> int:
    partitions = admin.describe_topics([name])[0]["partitions"]
    ends = {TopicPartition(name, partition["partition_index"]): OffsetSpec.LATEST for partition in partitions}
    return sum(end.offset for end in admin.list_partition_offsets(ends).values())
