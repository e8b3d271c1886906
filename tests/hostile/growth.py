"""Whether work grows in step with its size, told without a clock's absolute word."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable

_TIMES = 4
_MOST = 11
"""Four times the size takes four times the time; quadratic work would take sixteen times."""


def assert_linear(work: Callable[[int], object], size: int) -> object:
    """`work(4 * size)` takes less than 11 times as long as `work(size)`; its last result.

    The machine may be busy: the shortest of several runs counts, and only work that is long
    enough to tell.
    """
    small = large = float("inf")
    result: object = None
    for _ in range(4):
        small = min(small, _seconds(work, size)[0])
        took, result = _seconds(work, size * _TIMES)
        large = min(large, took)
        if large < max(_MOST * small, 0.02):
            return result
    raise AssertionError(f"{size}: {small:.3f} s, {size * _TIMES}: {large:.3f} s")


def _seconds(work: Callable[[int], object], size: int) -> tuple[float, object]:
    gc.collect()
    gc.disable()
    try:
        start = time.perf_counter()
        result = work(size)
        return time.perf_counter() - start, result
    finally:
        gc.enable()
