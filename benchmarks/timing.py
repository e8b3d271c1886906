"""What the benchmarks share: sides that take turns, ratios within one run, the peak of memory."""

from __future__ import annotations

import gc
import importlib
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import ModuleType
from typing import Any

ROOT = Path(__file__).resolve().parent.parent


def library(module: str) -> ModuleType:
    """A library that only benchmarks need.

    Raises SystemExit, with what to install, where it is missing.
    """
    try:
        return importlib.import_module(module)
    except ImportError as problem:
        raise SystemExit(
            f"this benchmark needs the module {module}, which cannot be imported ({problem}); "
            "install the peers with: pip install -r requirements/benchmarks.txt"
        ) from problem


def interleaved(sides: Mapping[str, Callable[[], Any]], rounds: int) -> dict[str, list[float]]:
    """Seconds of each side, one figure a round.

    The sides take turns, in an order that is turned round every time; a round before warms up.
    """
    found: dict[str, list[float]] = {name: [] for name in sides}
    for number in range(-1, rounds):
        for name in list(sides) if number % 2 else list(sides)[::-1]:
            gc.collect()
            start = time.perf_counter()
            result = sides[name]()
            spent = time.perf_counter() - start
            del result  # outside the time: it is the reader's own, whatever made it
            if number >= 0:
                found[name].append(spent)
    return found


def ratio(times: Sequence[float], base: Sequence[float]) -> str:
    """The median of the rounds' ratios, in brackets their quartiles."""
    low, middle, high = quartiles([a / b for a, b in zip(times, base, strict=True)])
    return f"{middle:.2f} ({low:.2f} to {high:.2f})"


def middle_ratio(times: Sequence[float], base: Sequence[float]) -> float:
    """The median of the rounds' ratios."""
    return statistics.median(a / b for a, b in zip(times, base, strict=True))


def quartiles(values: Sequence[float]) -> tuple[float, float, float]:
    """Lower quartile, median, upper quartile, of at least two values."""
    low, middle, high = statistics.quantiles(values, n=4, method="inclusive")
    return low, middle, high


def print_table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Columns as wide as they must be; the first to the left, the others to the right."""
    widths = [max(len(row[place]) for row in (head, *rows)) for place in range(len(head))]
    for row in (head, *rows):
        cells = [row[0].ljust(widths[0])]
        cells += [cell.rjust(width) for cell, width in zip(row[1:], widths[1:], strict=True)]
        print("  " + "  ".join(cells).rstrip())


def print_goal(what: str, found: float, bound: float, *, least: bool) -> None:
    """One goal and whether this run met it."""
    met = found >= bound if least else found <= bound
    word = "at least" if least else "at most"
    print(f"  {'met' if met else 'MISSED':<6}  {what}: {found:.2f}, wanted {word} {bound:g}")


def peak_here() -> float:
    """The most memory that this process has held, in MiB.

    Raises SystemExit where the system does not say it.
    """
    status = Path("/proc/self/status")
    if status.exists():
        # Not ru_maxrss: on Linux a new program begins with the peak of the process that started it.
        for line in status.read_text().splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) / 1024
    try:
        import resource
    except ImportError as problem:
        raise SystemExit("this system does not say how much memory a process held") from problem
    # Only macOS is left, which counts in bytes.
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20


def processor_here() -> float:
    """The seconds that all threads of this process have kept a processor busy.

    Raises SystemExit where the system does not say it.
    """
    try:
        import resource
    except ImportError as problem:
        raise SystemExit("this system does not say how busy a process was") from problem
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def alone(module: str, *arguments: str) -> tuple[float, float]:
    """What a new process prints as its last line: seconds of processors, and a peak in MiB.

    Raises SystemExit, with what the process said, where it failed.
    """
    done = subprocess.run(
        [sys.executable, "-m", module, *arguments],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise SystemExit(f"{module} {' '.join(arguments)} failed:\n{done.stderr.strip()}")
    busy, peak = done.stdout.split()[-2:]
    return float(busy), float(peak)


def versions(*names: str) -> str:
    """The versions of installed distributions, in one line; those that are missing are left out."""
    from importlib import metadata

    found = []
    for name in names:
        try:
            found.append(f"{name} {metadata.version(name)}")
        except metadata.PackageNotFoundError:
            continue
    return ", ".join(found)
