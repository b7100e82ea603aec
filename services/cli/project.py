"""`zeren project`: keeps the views up to date and watches due times in a process of its own."""

import signal
import threading

from services.cli.options import Data, open_ledger
from services.settings import DEFAULT_DATA


def project(data: Data = DEFAULT_DATA) -> None:
    """Keep the views up to date, and record what falls due, until SIGTERM."""
    stopped = threading.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda _number, _frame: stopped.set())
    with open_ledger(data, projecting=True, watching=True):
        stopped.wait()
