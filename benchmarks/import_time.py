"""How long `import leadscore` takes, beside a Python that imports nothing.

Run it with `python benchmarks/import_time.py`. Every run is a fresh interpreter. The kinds take
turns, in changing order, so that what else the machine does falls on all of them alike; medians,
because it falls on some runs more than on others.
"""

from __future__ import annotations

import argparse
import random
import statistics
import subprocess
import sys
import time

PROGRAMS = {
    "python": "pass",
    "import leadscore": "import leadscore",
}


def seconds_of(program: str) -> float:
    start = time.perf_counter()
    subprocess.run([sys.executable, "-c", program], check=True, stdin=subprocess.DEVNULL)
    return time.perf_counter() - start


def measure(runs: int) -> dict[str, list[float]]:
    for program in PROGRAMS.values():
        seconds_of(program)  # the first run may still compile modules
    order = list(PROGRAMS)
    shuffle = random.Random(0).shuffle
    times: dict[str, list[float]] = {name: [] for name in PROGRAMS}
    for _ in range(runs):
        shuffle(order)
        for name in order:
            times[name].append(seconds_of(PROGRAMS[name]))
    return times


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--runs", type=int, default=101, help="fresh interpreters of each kind")
    runs = parser.parse_args().runs
    if runs < 2:
        parser.error("--runs: at least 2, or there are no quartiles")

    times = measure(runs)
    print(f"{runs} runs of each, milliseconds: median (quartiles)")
    for name, seconds in times.items():
        low, middle, high = (1000 * cut for cut in statistics.quantiles(seconds, n=4))
        print(f"  {name:<17} {middle:6.1f}  ({low:.1f} to {high:.1f})")
    bare, ours = (statistics.median(seconds) for seconds in times.values())
    print(f"  {'difference':<17} {1000 * (ours - bare):6.1f}  ({ours / bare:.2f} times python)")


if __name__ == "__main__":
    main()
