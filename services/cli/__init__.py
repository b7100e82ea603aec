"""The command line: one module per command."""

import typer

from services.cli import incarnation
from services.cli.ask import ask
from services.cli.demo import demo
from services.cli.imports import import_files
from services.cli.project import project
from services.cli.rebuild import rebuild
from services.cli.refusing import refusing
from services.cli.relay import relay
from services.cli.replay_parked import replay_parked
from services.cli.serve import serve
from services.cli.setup import setup
from services.cli.verify import verify

app = typer.Typer(
    name="zeren",
    help="责任: who was responsible, how do we know, and did we know it then?",
    no_args_is_help=True,
    pretty_exceptions_show_locals=False,
)
for name, command in (
    ("serve", serve),
    ("setup", setup),
    ("demo", demo),
    ("ask", ask),
    ("import", import_files),
    ("project", project),
    ("relay", relay),
    ("rebuild", rebuild),
    ("replay-parked", replay_parked),
    ("verify", verify),
):
    app.command(name)(refusing(command))
incarnations = typer.Typer(no_args_is_help=True, help="Which log this is, and that it was put back.")
incarnations.command("new")(refusing(incarnation.new))
incarnations.command("list")(refusing(incarnation.show))
app.add_typer(incarnations, name="incarnation")
