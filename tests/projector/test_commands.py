"""`zeren project --only` and `zeren rebuild --park` from the command line."""

import pytest

from services.application import Zeren
from tests.cli.running import run
from tests.projector.planted import register


@pytest.mark.parametrize("arguments", [("project", "--only", "weather"), ("rebuild", "weather")])
def test_an_unknown_view_is_refused(database_url: str, arguments: tuple[str, ...]) -> None:
    ended = run(*arguments, ZEREN_DATABASE_URL=database_url)
    assert ended.exit_code == 2
    assert "weather" in ended.stderr


def test_views_are_rebuilt_by_two_processes(database_url: str) -> None:
    with Zeren(database_url, projecting=False) as opened:
        register(opened, "林晓")
        size = opened.ledger.size()
    ended = run("rebuild", "audit", "people", "--park", "--processes", "2", ZEREN_DATABASE_URL=database_url)
    assert ended.exit_code == 0, ended.output
    assert f"audit: rebuilt up to position {size}" in ended.stdout
    assert f"people: rebuilt up to position {size}" in ended.stdout
