"""The sample company of one day in a database that all tests share."""

import functools
from datetime import date

import psycopg
from psycopg.conninfo import make_conninfo

from services.application import Zeren
from services.sample import Progress, Sample, SimulatedClock, load

DAY = date(2026, 11, 23)
"""The day on which the shared sample ends."""


def load_into(url: str, today: date, progress: Progress = lambda _done, _all: None) -> Sample:
    """Load the sample company of a day into a database, as `zeren demo` does."""
    clock = SimulatedClock(today)
    with Zeren(url, projecting=False, clock=clock) as zeren:
        return load(zeren, clock, today, progress)


@functools.cache
def shared(postgres: str) -> tuple[str, Sample]:
    """The URL of a database with the sample company of `DAY`, loaded once; nobody may write to it."""
    with psycopg.connect(postgres, autocommit=True) as connection:
        connection.execute(b"CREATE DATABASE zeren_sample")
    url = make_conninfo(postgres, dbname="zeren_sample")
    return url, load_into(url, DAY)
