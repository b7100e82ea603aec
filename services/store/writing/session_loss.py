"""Errors after which a session is no more: what was under way in it may have been committed, or not."""

from psycopg import Error, OperationalError

_SEVERITIES = {"FATAL", "PANIC"}


def as_session_loss(error: Error) -> Error:
    """The error itself; an `OperationalError` where the server has ended the session with it, whatever its class.

    PostgreSQL ends a session that is idle in a transaction with an error that psycopg counts among the internal ones.
    """
    if error.diag.severity_nonlocalized in _SEVERITIES and not isinstance(error, OperationalError):
        return OperationalError(str(error))
    return error
