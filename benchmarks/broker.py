"""The real Kafka broker that the streaming tests start, for the benchmarks."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.streaming.broker import Broker, fetch

_LIBRARIES = Path(".cache") / "kafka"
NEEDED = ("java", "mvn", "kcat")


def missing() -> list[str]:
    """The programs that a broker needs and this machine does not have; `scripts/system-packages` installs them."""
    return [program for program in NEEDED if shutil.which(program) is None]


@contextmanager
def new_broker() -> Iterator[str]:
    """The address of a broker with empty topics; stopped at last."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as directory:
        broker = Broker(fetch(_LIBRARIES), Path(directory))
        try:
            broker.start()
            yield broker.bootstrap
        finally:
            broker.stop()
