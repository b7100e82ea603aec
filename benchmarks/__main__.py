"""`python -m benchmarks` runs all benchmarks, `python -m benchmarks saves` one, and says last which aims were met."""

import argparse
import importlib
import inspect
import sys
import traceback
from collections.abc import Iterator
from typing import Any

from benchmarks.aims import Aim
from benchmarks.machine import described
from benchmarks.tables import Table

BENCHMARKS = (
    "saves",
    "commands",
    "who",
    "loads",
    "views",
    "imports",
    "relay",
    "lag",
    "growth",
    "figures",
)
"""The modules in the order of the document; each has `tables(seconds, rounds)`, some also take a `size`."""


def main() -> None:
    """Run those that are named, or all; one that fails is reported at the end of the others."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="|".join(BENCHMARKS), help="which ones; all unless given")
    parser.add_argument("--seconds", type=float, default=2.0, help="how long each measurement takes")
    parser.add_argument("--rounds", type=int, default=3, help="how often each is repeated, in turns; medians count")
    parser.add_argument("--size", type=int, help="how many events those take that depend on it; each has its own")
    asked = parser.parse_args()
    unknown = set(asked.names) - set(BENCHMARKS)
    if unknown:
        parser.error(f"unknown: {', '.join(sorted(unknown))}")
    sys.stdout.write(f"{described()}\n\n")
    failed = []
    aims: list[Aim] = []
    for name in asked.names or BENCHMARKS:
        try:
            for table in _tables(name, asked):
                sys.stdout.write(f"{table}\n")
                sys.stdout.flush()
                aims += table.aims
        except Exception:  # noqa: BLE001 - the tables of the others are worth having
            traceback.print_exc()
            failed.append(name)
    if aims:
        sys.stdout.write(f"{Table('Aims', ['', 'aim', 'measured', ''], [aim.row() for aim in aims])}\n")
    if failed:
        sys.exit(f"not measured: {', '.join(failed)}")


def _tables(name: str, asked: argparse.Namespace) -> Iterator[Table]:
    measure: Any = importlib.import_module(f"benchmarks.{name}").tables
    sized = asked.size is not None and "size" in inspect.signature(measure).parameters
    found: Iterator[Table] = measure(asked.seconds, asked.rounds, **({"size": asked.size} if sized else {}))
    return found


if __name__ == "__main__":
    main()
