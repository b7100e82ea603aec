"""What ends a process at its start: a database that cannot be used, said in one sentence with the cure."""


class NoDatabaseError(Exception):
    """No server answers, or it lets us not in."""


class UnsafeDatabaseError(Exception):
    """The server would lose or garble acknowledged events, or is too old."""
