"""`zeren relay` on the command line."""

import pytest
import typer
from typer.testing import CliRunner

from services.cli.relay import relay


def test_it_says_what_is_missing_where_no_kafka_is_set_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ZEREN_KAFKA_BOOTSTRAP_SERVERS", raising=False)
    command = typer.Typer()
    command.command()(relay)
    ended = CliRunner().invoke(command)
    assert ended.exit_code == 2
    assert "ZEREN_KAFKA_BOOTSTRAP_SERVERS is not set" in ended.output
