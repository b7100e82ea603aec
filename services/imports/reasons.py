"""Why a file, a mapping or a row cannot be imported, in the reader's language."""

from aggregates.refusal import Refused
from services.handling import BusyError, KeyReusedError, NotAnsweredError, VersionMismatchError
from services.language import Language, field_message, problem, shown
from services.language.texts import fill, text

_IN_FULL = frozenset({"file", "formats", "path", "problem"})
"""Details that are said in full; all others are names and values that somebody else chose."""


class UnusableError(Exception):
    """A mapping or file that nothing can be imported with; codes and details as in `services/language/imports.toml`."""

    def __init__(self, code: str, **details: str) -> None:
        super().__init__(code)
        self.code = code
        self.details = details

    def __str__(self) -> str:
        return reason(self, "en")


class RowRejectedError(Exception):
    """A row that cannot be imported; codes and details as in `services/language/imports.toml`."""

    def __init__(self, code: str, **details: str) -> None:
        super().__init__(code)
        self.code = code
        self.details = details

    def __str__(self) -> str:
        return reason(self, "en")


class FieldInvalidError(RowRejectedError):
    """A row whose values do not fit a command; the validator's words are said in the reader's language."""

    def __init__(self, command: str, field: str, error_type: str, context: dict[str, object]) -> None:
        super().__init__("row.field-invalid", command=command, field=field)
        self.error_type = error_type
        self.context = context


Error = (
    UnusableError | RowRejectedError | Refused | VersionMismatchError | KeyReusedError | BusyError | NotAnsweredError
)
"""All that can keep a row, or everything, out."""


def code_of(error: Error) -> str:
    """The stable code of an error."""
    match error:
        case UnusableError() | RowRejectedError() | Refused():
            return error.code
        case KeyReusedError():
            return "row.imported-otherwise"
        case VersionMismatchError() | BusyError():
            return "conflict.busy"
        case NotAnsweredError():
            return "view.behind"


def reason(error: Error, language: Language) -> str:
    """What is wrong and what to do about it."""
    code = code_of(error)
    details = {
        name: value if name in _IN_FULL else shown(value) for name, value in getattr(error, "details", {}).items()
    }
    if isinstance(error, FieldInvalidError):
        details["problem"] = field_message(error.error_type, language, error.context)
    template = text("imports", code, language)
    return problem(code, language, details).detail if template is None else fill(template, details)


def say(key: str, language: Language, **slots: str) -> str:
    """A text of `services/language/imports.toml` with its slots filled."""
    return fill(text("imports", key, language) or key, slots)
