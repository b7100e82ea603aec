"""The commands of the compose file exist on the command line, with the options that are given to them."""

from pathlib import Path

import pytest
import typer.main
import yaml
from typer.core import TyperGroup

from services.cli import app

COMPOSE = yaml.safe_load((Path(__file__).parents[2] / "docker-compose.yml").read_text("utf-8"))


@pytest.mark.parametrize("service", ["api", "projector", "relay"])
def test_the_command_exists_with_its_options(service: str) -> None:
    program, name, *options = COMPOSE["services"][service]["command"]
    assert program == "zeren"
    line = typer.main.get_command(app)
    assert isinstance(line, TyperGroup)
    command = line.get_command(line.make_context(program, [name], resilient_parsing=True), name)
    assert command is not None
    command.make_context(name, options)
