"""Runs a command of ours to its end, in this process."""

from typer.testing import CliRunner, Result

from services.cli import app


def run(*arguments: str, **settings: str) -> Result:
    """The exit code and output of a command; `settings` are environment variables."""
    return CliRunner().invoke(app, arguments, env={"COLUMNS": "400", "NO_COLOR": "1", **settings})
