"""Every refusal has a message in both languages, and every message a refusal."""

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import get_args, get_type_hints

import pytest

import aggregates
import services
from aggregates.customer.commitments import Commitment
from aggregates.customer.complaints import Complaint
from aggregates.project.acceptance import Stage
from aggregates.project.initiation import Initiation
from aggregates.responsibility.state import HandoverStatus
from services.language import LANGUAGES, Language, Message, problem
from services.language.texts import fill, slots_of, texts


def _values(state: type, field: str) -> set[str]:
    annotation = get_type_hints(state)[field]
    options = {value for part in get_args(annotation) for value in (get_args(part) or (part,))}
    return {value for value in options if isinstance(value, str)}


FAMILIES = {
    "commitment.already-": _values(Commitment, "status") - {"open"},
    "complaint.already-": _values(Complaint, "status") - {"open"},
    "handover.already-": set(get_args(HandoverStatus)) - {"proposed"},
    "project.already-": _values(Initiation, "decision"),
}
"""What fills the end of a code that is put together."""

SERVICE_CODES = {
    "request.unreadable",
    "request.duplicate-key",
    "request.invalid",
    "request.too-large",
    "request.too-deep",
    "request.not-acceptable",
    "request.encoding-unknown",
    "request.type-unknown",
    "request.malformed",
    "request.headers-too-large",
    "request.too-slow",
    "server.full",
    "auth.person-unknown",
    "auth.principal-unknown",
    "bulk.stream-refused",
    "auth.required",
    "auth.invalid",
    "not-found",
    "method.not-allowed",
    "version.mismatch",
    "idempotency.reused",
    "idempotency.key-invalid",
    "if-match.invalid",
    "if-none-match.invalid",
    "view.behind",
    "store.away",
    "query.invalid",
    "query.no-number",
    "query.repeated",
    "query.unknown",
    "cursor.elsewhere",
    "cursor.invalid",
    "conflict.busy",
    "kpi.unknown",
    "kpi.version-unknown",
    "rule.unknown",
    "period.invalid",
    "scope.invalid",
    "position.unknown",
    "known.future",
    "log.hole",
    "log.parted",
    "log.another",
    "command.unknown",
    "internal",
}


def _codes(expression: ast.expr) -> set[str]:
    match expression:
        case ast.Constant(value=str(code)):
            return {code}
        case ast.IfExp(body=body, orelse=orelse):
            return _codes(body) | _codes(orelse)
        case ast.JoinedStr(values=[ast.Constant(value=str(family)), ast.FormattedValue()]):
            return {family + value for value in FAMILIES[family]}
        case _:
            raise AssertionError(f"a code that cannot be listed: {ast.unparse(expression)}")


def _refusals(tree: ast.AST) -> Iterator[tuple[str, set[str]]]:
    """Code and names of details, of every refusal raised."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Refused":
            details = {keyword.arg for keyword in node.keywords if keyword.arg not in (None, "field")}
            for code in sorted(_codes(node.args[0])):
                yield code, {name for name in details if name}


REFUSALS = [
    refusal
    for package in aggregates.__path__
    for source in sorted(Path(package).rglob("*.py"))
    for refusal in _refusals(ast.parse(source.read_text(encoding="utf-8")))
]
CODES = sorted({code for code, _ in REFUSALS})


def _written(table: str) -> set[str]:
    return {
        key.removeprefix(f"{table}.").rpartition(".")[0] for key in texts("problems") if key.startswith(f"{table}.")
    }


def test_every_refusal_has_a_message_and_every_message_a_refusal() -> None:
    assert _written("refusal") == set(CODES)


def test_every_problem_of_the_service_has_a_message() -> None:
    assert _written("service") == SERVICE_CODES
    assert not SERVICE_CODES & set(CODES)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("code", [*CODES, *sorted(SERVICE_CODES)])
def test_a_message_is_a_title_with_a_sentence(code: str, language: Language) -> None:
    message = problem(code, language, {})
    assert message.title != code
    assert len(message.title) <= 40
    assert message.detail.endswith("." if language == "en" else "。")
    assert message.title != message.detail


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("code", "details"), REFUSALS)
def test_a_message_needs_no_more_than_its_refusal_gives(code: str, details: set[str], language: Language) -> None:
    template = texts("problems")[f"refusal.{code}.detail"][language]
    assert slots_of(template) <= details
    given = {name: f"<{name}>" for name in details}
    message = problem(code, language, given)
    assert all(value in message.detail for value in given.values()), "a detail that nobody reads"


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("code", sorted(SERVICE_CODES))
def test_a_service_message_stands_without_details(code: str, language: Language) -> None:
    assert "{" not in fill(texts("problems")[f"service.{code}.detail"][language], {})


@pytest.mark.parametrize("stage", get_args(Stage))
def test_a_stage_is_named_in_the_readers_language(stage: str) -> None:
    said = {language: problem("acceptance.out-of-order", language, {"stage": stage}).detail for language in LANGUAGES}
    assert f"“{texts('labels')[f'stage.{stage}']['en']}”" in said["en"]
    assert f"“{texts('labels')[f'stage.{stage}']['zh']}”" in said["zh"]


def test_who_may_not_come_in_is_told_how() -> None:
    for language in LANGUAGES:
        assert "ZEREN_AUTH=dev" in problem("auth.required", language, {}).detail


def test_an_unknown_code_is_its_own_message() -> None:
    assert problem("no.such", "zh", {"a": "b"}) == Message("no.such", "no.such")


def test_every_problem_that_a_service_names_has_a_message() -> None:
    named = {
        argument.value
        for package in services.__path__
        for source in Path(package).rglob("*.py")
        for node in ast.walk(ast.parse(source.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and "problem" in node.func.id.lower()
        for argument in node.args
        if isinstance(argument, ast.Constant) and isinstance(argument.value, str)
    }
    assert named <= SERVICE_CODES


def test_a_refusal_without_a_message_is_found() -> None:
    planted = ast.parse('raise Refused("visit.planted" if late else f"handover.already-{status}", "at", visit="1")')
    assert {code for code, _ in _refusals(planted)} - set(CODES) == {"visit.planted"}
    assert all(details == {"visit"} for _, details in _refusals(planted))


def test_a_code_that_cannot_be_listed_is_found() -> None:
    with pytest.raises(AssertionError, match="cannot be listed"):
        list(_refusals(ast.parse("raise Refused(code)")))
