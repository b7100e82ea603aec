"""Every way a rule says no has a scenario, and every command is given in one."""

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import get_args

import aggregates
from aggregates.project.initiation import Initiation
from aggregates.responsibility.state import HandoverStatus
from commands.catalogue import CATALOGUE

SCENARIOS = Path(__file__).parent
RULES = Path(aggregates.__path__[0])

ENDINGS = {
    "commitment.already-": {"fulfilled", "waived"},
    "complaint.already-": {"resolved", "closed"},
    "handover.already-": set(get_args(HandoverStatus)) - {"proposed"},
    "project.already-": {"approved", "rejected"},
}
"""What the codes end in that are put together from a status."""


def calls(folder: Path, function: str) -> Iterator[ast.Call]:
    """The calls of a function or method in all modules of a folder."""
    for path in sorted(folder.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and function in {
                getattr(node.func, "id", None),
                getattr(node.func, "attr", None),
            }:
                yield node


def codes(argument: ast.expr) -> set[str]:
    """The codes that an expression may be."""
    match argument:
        case ast.Constant(value=str() as code):
            return {code}
        case ast.IfExp(body=body, orelse=orelse):
            return codes(body) | codes(orelse)
        case ast.JoinedStr(values=[ast.Constant(value=str() as beginning), ast.FormattedValue()]):
            return {beginning + ending for ending in ENDINGS[beginning]}
    raise AssertionError(f"a code that cannot be read: {ast.unparse(argument)}")


def test_every_refusal_has_a_scenario() -> None:
    raised = {code for call in calls(RULES, "Refused") for code in codes(call.args[0])}
    shown = {code for call in calls(SCENARIOS, "refused") for code in codes(call.args[0])}
    assert raised - shown == set()
    assert shown - raised == set()
    assert len(raised) > 50


def test_every_command_is_given_in_a_scenario() -> None:
    given = {
        node.func.id
        for path in SCENARIOS.glob("test_*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
    }
    validated = {
        node.value.id
        for path in SCENARIOS.glob("test_*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Attribute) and node.attr == "model_validate" and isinstance(node.value, ast.Name)
    }
    every = {command.__name__ for by_path in CATALOGUE.values() for command in by_path.values()}
    assert every - given - validated == set()


def test_a_project_is_decided_in_no_other_way() -> None:
    decisions = get_args(Initiation.__annotations__["decision"])
    assert {value for option in decisions for value in get_args(option)} == ENDINGS["project.already-"]
