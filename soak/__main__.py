"""`python -m soak` makes every fault many times, `python -m soak NAME…` some, and prints a summary as Markdown."""

import argparse
import logging
import sys
import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path

from soak.cluster import cluster
from soak.disks import why_no_images, why_no_tmpfs
from soak.faults import (
    alternating,
    cut_connections,
    exhausted,
    full_disk,
    idle_sessions,
    killed_postgres,
    killed_server,
    killed_writers,
    lost_power,
    maintenance,
    stopped_writer,
)
from soak.verdict import Verdict, summary

Fault = Callable[[Path, int], list[Verdict]]


def _on_database(run: Callable[[str, Path, int], list[Verdict]]) -> Fault:
    """A fault that needs any server, on one of its own."""

    def on_own(folder: Path, rounds: int) -> list[Verdict]:
        with cluster() as server:
            return run(server.url, folder, rounds)

    return on_own


def _where_allowed(run: Fault, name: str, reason: Callable[[], str | None]) -> Fault:
    """A fault that not every machine lets us make; where it does not, the summary says why."""

    def or_say_why(folder: Path, rounds: int) -> list[Verdict]:
        why = reason()
        return [Verdict(name, 0, 0, remark=why, ran=False)] if why else run(folder, rounds)

    return or_say_why


_IMAGES = "power cut: images of the disk"
FAULTS: dict[str, tuple[int, Fault]] = {
    "server": (30, _on_database(partial(killed_server.run, requests=400))),
    "postgres": (30, partial(killed_postgres.run, requests=400)),
    "writers": (20, _on_database(partial(killed_writers.run, saves=1000))),
    "sessions": (300, _on_database(partial(killed_writers.cut_sessions, saves=50))),
    "connections": (400, _on_database(lambda url, _folder, rounds: cut_connections.run(url, rounds))),
    "alternating": (2000, _on_database(lambda url, _folder, rounds: alternating.run(url, rounds))),
    "images": (40, _where_allowed(partial(lost_power.images, saves=500), _IMAGES, why_no_images)),
    "images-control": (
        10,
        _where_allowed(partial(lost_power.images, careless=True), f"{_IMAGES}, control", why_no_images),
    ),
    "flushed-log": (40, partial(lost_power.flushed_log, saves=500)),
    "flushed-log-control": (10, partial(lost_power.flushed_log, careless=True)),
    "stopped-tasks": (10, _on_database(lambda *given: stopped_writer.run(*given, "--threads=0", saves=200))),
    "stopped-threads": (10, _on_database(lambda *given: stopped_writer.run(*given, "--no-tasks", saves=200))),
    "maintenance": (20, _on_database(partial(maintenance.run, saves=200))),
    "idle": (30, _on_database(partial(idle_sessions.run, requests=200))),
    "few-connections": (100, _on_database(lambda url, _folder, rounds: exhausted.few_connections(url, rounds))),
    "full-server": (20, partial(exhausted.full_server, saves=200)),
    "refused": (20, _on_database(partial(full_disk.refused, saves=200))),
    "full-disk": (20, _where_allowed(partial(full_disk.filled, requests=200), "disk full", why_no_tmpfs)),
}
"""By name: how many rounds, and what is done."""


def main() -> None:
    """Make faults; the exit code is 1 where a promise was broken."""
    parser = argparse.ArgumentParser(prog="python -m soak", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of {', '.join(FAULTS)}; all unless given")
    parser.add_argument("--scale", type=float, default=1.0, help="times as many rounds")
    asked = parser.parse_args()
    if unknown := set(asked.names) - set(FAULTS):
        parser.error(f"unknown: {', '.join(sorted(unknown))}")
    logging.getLogger("services").setLevel(logging.ERROR)  # That the store is away is what happens here.
    verdicts: list[Verdict] = []
    for name in asked.names or FAULTS:
        rounds, run = FAULTS[name]
        with tempfile.TemporaryDirectory(prefix="zeren-soak-") as folder:
            verdicts += run(Path(folder), max(1, round(rounds * asked.scale)))
        sys.stderr.write(f"{name}: {verdicts[-1].row[-1]}\n")
    sys.stdout.write(f"{summary(verdicts)}\n")
    if not all(verdict.is_good for verdict in verdicts if verdict.ran):
        raise SystemExit(1)


if __name__ == "__main__":
    main()
