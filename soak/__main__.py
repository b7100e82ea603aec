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
from soak.history import Complaint
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


def _in_turns(run: Fault, rounds: int) -> Fault:
    """A fault made so many times on a fresh log, and again on the next one, so that no log grows without end."""

    def again_and_again(folder: Path, wanted: int) -> list[Verdict]:
        (found,) = run(folder, min(rounds, wanted))
        while found.ran and found.rounds < wanted:
            (more,) = run(folder, min(rounds, wanted - found.rounds))
            found += more
        return [found]

    return again_and_again


_IMAGES = partial(lost_power.images, saves=300)
_FLUSHED = partial(lost_power.flushed_log, saves=300)
FAULTS: dict[str, tuple[int, Fault]] = {
    "server": (20, _in_turns(_on_database(partial(killed_server.run, requests=300)), 10)),
    "postgres": (20, _in_turns(partial(killed_postgres.run, requests=300), 10)),
    "writers": (20, _in_turns(_on_database(partial(killed_writers.run, saves=300)), 10)),
    "sessions": (200, _in_turns(_on_database(partial(killed_writers.cut_sessions, saves=50)), 100)),
    "connections": (400, _on_database(lambda url, _folder, rounds: cut_connections.run(url, rounds))),
    "behind": (2000, _on_database(lambda url, _folder, rounds: alternating.run(url, rounds))),
    "images": (30, _where_allowed(_in_turns(_IMAGES, 10), "power cut: images of the disk", why_no_images)),
    "images-control": (
        10,
        _where_allowed(partial(_IMAGES, careless=True), "power cut: images of the disk; control", why_no_images),
    ),
    "flushed-log": (30, _in_turns(_FLUSHED, 10)),
    "flushed-log-control": (10, partial(_FLUSHED, careless=True)),
    "stopped-tasks": (6, _in_turns(_on_database(partial(stopped_writer.run, how="tasks", saves=100)), 3)),
    "stopped-threads": (6, _in_turns(_on_database(partial(stopped_writer.run, how="threads", saves=100)), 3)),
    "maintenance": (8, _in_turns(_on_database(partial(maintenance.run, saves=100)), 2)),
    "idle": (15, _in_turns(_on_database(partial(idle_sessions.run, requests=100)), 10)),
    "few-connections": (100, _on_database(lambda url, _folder, rounds: exhausted.few_connections(url, rounds))),
    "full-server": (10, _in_turns(partial(exhausted.full_server, saves=100), 5)),
    "refused": (15, _in_turns(_on_database(partial(full_disk.refused, saves=100)), 10)),
    "full-disk": (10, _where_allowed(partial(full_disk.filled, requests=100), "disk full", why_no_tmpfs)),
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
            try:
                verdicts += run(Path(folder), max(1, round(rounds * asked.scale)))
            except Exception as error:  # noqa: BLE001 - the other faults are made all the same, and the summary says it
                verdicts.append(Verdict(name, 0, 0, (Complaint("wrong", " ".join(str(error).split())),)))
        sys.stderr.write(f"{name}: {verdicts[-1].row[-1]}\n")
    sys.stdout.write(f"{summary(verdicts)}\n")
    if not all(verdict.is_good for verdict in verdicts if verdict.ran):
        raise SystemExit(1)


if __name__ == "__main__":
    main()
