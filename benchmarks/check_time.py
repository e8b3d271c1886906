"""How long `leadscore check` of one file takes as a process, beside a Python that does nothing.

Run it with ``python -m benchmarks.check_time``; a file can be named. Every run is a fresh
interpreter. The kinds take turns, in changing order, so that what else the machine does falls on
all of them alike; medians, because it falls on some runs more than on others.
"""

from __future__ import annotations

import argparse
import random
import statistics
import subprocess
import sys
import time
from pathlib import Path

MODEL = Path(__file__).parents[1] / "examples" / "04-six-steps" / "model.score"


def seconds_of(arguments: list[str]) -> float:
    start = time.perf_counter()
    subprocess.run(
        [sys.executable, *arguments],
        check=True,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
    )
    return time.perf_counter() - start


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("file", nargs="?", default=str(MODEL), help="the model; without findings")
    parser.add_argument("--runs", type=int, default=31, help="fresh interpreters of each kind")
    given = parser.parse_args()
    if given.runs < 2:
        parser.error("--runs: at least 2, or there are no quartiles")
    programs = {
        "python": ["-c", "pass"],
        "leadscore --version": ["-m", "leadscore", "--version"],
        "leadscore check": ["-m", "leadscore", "check", given.file],
    }
    for arguments in programs.values():
        seconds_of(arguments)  # the first run may still compile modules
    order = list(programs)
    shuffle = random.Random(0).shuffle
    times: dict[str, list[float]] = {name: [] for name in programs}
    for _ in range(given.runs):
        shuffle(order)
        for name in order:
            times[name].append(seconds_of(programs[name]))

    lines = Path(given.file).read_text(encoding="utf-8").count("\n")
    print(
        f"{given.file} ({lines} lines); {given.runs} runs of each, milliseconds: median (quartiles)"
    )
    bare = statistics.median(times["python"])
    for name, seconds in times.items():
        low, middle, high = (1000 * cut for cut in statistics.quantiles(seconds, n=4))
        ratio = statistics.median(seconds) / bare
        print(f"  {name:<20} {middle:6.1f}  ({low:.1f} to {high:.1f})  {ratio:.1f} times python")


if __name__ == "__main__":
    main()
