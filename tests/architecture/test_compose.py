"""The compose file starts every part, and safely."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "docker-compose.yml").read_text("utf-8")
COMPOSE: dict[str, Any] = yaml.safe_load(TEXT)
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
OURS = ("api", "projector", "relay")
LISTENING = ("postgres", "kafka", "api")


def test_every_part_is_there() -> None:
    assert set(SERVICES) == {"postgres", "kafka", *OURS}


def test_images_are_of_a_stated_major_version() -> None:
    assert SERVICES["postgres"]["image"] == "postgres:18"
    assert SERVICES["kafka"]["image"].startswith("apache/kafka:4.")
    assert all(re.search(r":\d", service["image"]) for service in SERVICES.values())


@pytest.mark.parametrize("name", LISTENING)
def test_what_listens_says_whether_it_is_healthy(name: str) -> None:
    assert {"test", "interval", "timeout", "retries"} <= set(SERVICES[name]["healthcheck"])


@pytest.mark.parametrize("name", SERVICES)
def test_a_part_that_ends_is_started_again(name: str) -> None:
    assert SERVICES[name]["restart"] == "unless-stopped"


@pytest.mark.parametrize("name", SERVICES)
def test_a_part_waits_for_healthy_ones(name: str) -> None:
    for needed, how in SERVICES[name].get("depends_on", {}).items():
        assert "healthcheck" in SERVICES[needed]
        assert how == {"condition": "service_healthy"}


def test_data_outlives_the_containers() -> None:
    mounted = {mount.partition(":")[0] for service in SERVICES.values() for mount in service.get("volumes", [])}
    assert mounted == set(COMPOSE["volumes"]) == {"postgres", "kafka"}


def test_no_password_is_written_down() -> None:
    required = r"\$\{POSTGRES_PASSWORD:\?[^}]+\}"
    assert re.fullmatch(required, SERVICES["postgres"]["environment"]["POSTGRES_PASSWORD"])
    for name in OURS:
        assert re.fullmatch(
            rf"postgresql://zeren:{required}@postgres:5432/zeren", SERVICES[name]["environment"]["ZEREN_DATABASE_URL"]
        )
    assert not re.search(r"\$\{POSTGRES_PASSWORD(?!:\?)|\$POSTGRES_PASSWORD", TEXT)


@pytest.mark.parametrize("name", SERVICES)
def test_ports_are_open_to_this_machine_only(name: str) -> None:
    assert all(port.startswith("127.0.0.1:") for port in SERVICES[name].get("ports", []))


def test_nobody_may_be_a_developer_there() -> None:
    assert not any("ZEREN_AUTH" in service.get("environment", {}) for service in SERVICES.values())


def test_the_image_does_not_run_as_root() -> None:
    users = re.findall(r"^USER (\S+)$", (ROOT / "Dockerfile").read_text("utf-8"), re.MULTILINE)
    assert users == ["10001"]


def test_the_image_holds_every_package() -> None:
    copied = re.findall(r"^COPY (\w+) \1$", (ROOT / "Dockerfile").read_text("utf-8"), re.MULTILINE)
    assert set(copied) == {"events", "commands", "aggregates", "projections", "services"}
