"""Those who answer the same question beside us: a plain range query, and django-simple-history's `as_of`."""

import importlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import psycopg
from psycopg import Connection
from psycopg.conninfo import conninfo_to_dict
from psycopg.rows import TupleRow


@dataclass(frozen=True, slots=True)
class Asked:
    """One question, in the terms of each of those who answer it."""

    subject: str
    role: str
    at: datetime
    known: int
    known_at: datetime


Ask = Callable[[Asked], object]
"""Answers one question."""

_RANGES = (
    "DROP TABLE IF EXISTS ranges",
    (
        "CREATE TABLE ranges AS SELECT subject, role, person, tstzrange(since, until) AS valid, "
        "int8range(known_from, known_to) AS known FROM view_responsibility.holdings"
    ),
    "CREATE INDEX ranges_subject ON ranges (subject, role, lower(valid))",
    "VACUUM (ANALYZE) ranges",
)
_IN_RANGES = (
    b"SELECT person, valid FROM ranges WHERE subject = %s AND role = %s AND lower(valid) <= %s AND valid @> %s "
    b"AND known @> %s::bigint"
)
_HISTORY = (
    (
        "INSERT INTO benchmarks_historicalholding "
        "(id, subject, role, person, since, until, history_date, history_type) "
        "SELECT holding_id, subject, role, person, since, until, "
        "timestamptz '2025-01-01Z' + known_from * interval '1 millisecond', '~' FROM view_responsibility.holdings "
        "WHERE timestamptz '2025-01-01Z' + known_from * interval '1 millisecond' > "
        "(SELECT coalesce(max(history_date), '-infinity') FROM benchmarks_historicalholding)"
    ),
    "CREATE INDEX IF NOT EXISTS history_subject ON benchmarks_historicalholding (subject, role, since)",
    "CREATE INDEX IF NOT EXISTS history_asked ON benchmarks_historicalholding (id, history_date DESC)",
    "VACUUM (ANALYZE) benchmarks_historicalholding",
)


class Plain:
    """PostgreSQL alone, over one connection."""

    def __init__(self, url: str) -> None:
        self.connection: Connection[TupleRow] = psycopg.connect(url, autocommit=True)

    def fill(self) -> None:
        """Take the intervals over as they are now."""
        for statement in _RANGES:
            self.connection.execute(statement.encode())

    def ranges(self, asked: Asked) -> object:
        """What one would write."""
        parameters = (asked.subject, asked.role, asked.at, asked.at, asked.known)
        return self.connection.execute(_IN_RANGES, parameters, prepare=True).fetchall()


class SimpleHistory:
    """The model with its history, as the package's documentation says, and indexes for the question."""

    def __init__(self, url: str) -> None:
        settings: Any = importlib.import_module("django.conf").settings
        at = conninfo_to_dict(url)
        names = {"NAME": "dbname", "HOST": "host", "PORT": "port", "USER": "user", "PASSWORD": "password"}
        server = {ours: at[theirs] for ours, theirs in names.items() if theirs in at}
        settings.configure(
            DATABASES={"default": {"ENGINE": "django.db.backends.postgresql", **server}},
            INSTALLED_APPS=["django.contrib.contenttypes", "django.contrib.auth", "simple_history", "benchmarks"],
            USE_TZ=True,
            DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
        )
        importlib.import_module("django").setup()
        self._db: Any = importlib.import_module("django.db")
        self._model = _model(self._db.models, importlib.import_module("simple_history.models").HistoricalRecords)
        with self._db.connection.schema_editor() as editor:
            editor.create_model(self._model)
            editor.create_model(self._model.history.model)

    def fill(self) -> None:
        """Take over the versions that were recorded since the last time."""
        with self._db.connection.cursor() as cursor:
            for statement in _HISTORY:
                cursor.execute(statement)

    def as_of(self, asked: Asked) -> object:
        """The versions of the time, then those that held."""
        either = self._db.models.Q(until__isnull=True) | self._db.models.Q(until__gt=asked.at)
        found = self._model.history.as_of(asked.known_at)
        return list(found.filter(either, subject=asked.subject, role=asked.role, since__lte=asked.at))

    def close(self) -> None:
        """Give the connection back."""
        self._db.connection.close()


def _model(models: Any, history: Any) -> Any:
    return type(
        "Holding",
        (models.Model,),
        {
            "__module__": __name__,
            "Meta": type("Meta", (), {"app_label": "benchmarks"}),
            "id": models.UUIDField(primary_key=True),
            "subject": models.CharField(max_length=80, db_index=True),
            "role": models.CharField(max_length=63),
            "person": models.UUIDField(),
            "since": models.DateTimeField(),
            "until": models.DateTimeField(null=True),
            "history": history(app="benchmarks", history_user_id_field=models.IntegerField(null=True)),
        },
    )
