"""`python -m benchmarks` runs all benchmarks, `python -m benchmarks saves` one, and prints their tables as Markdown."""

import argparse
import importlib
import sys

from benchmarks.machine import described

BENCHMARKS = ("saves",)


def main() -> None:
    """Run those that are named, or all."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="|".join(BENCHMARKS), help="which ones; all unless given")
    parser.add_argument("--seconds", type=float, default=2.0, help="how long each measurement takes")
    parser.add_argument("--rounds", type=int, default=3, help="how often each is repeated, in turns; medians count")
    asked = parser.parse_args()
    unknown = set(asked.names) - set(BENCHMARKS)
    if unknown:
        parser.error(f"unknown: {', '.join(sorted(unknown))}")
    sys.stdout.write(f"{described()}\n\n")
    for name in asked.names or BENCHMARKS:
        for table in importlib.import_module(f"benchmarks.{name}").tables(asked.seconds, asked.rounds):
            sys.stdout.write(f"{table}\n")
            sys.stdout.flush()


if __name__ == "__main__":
    main()
