"""Where products with a factor leave the doubles, for databases in which that is an error."""

from __future__ import annotations

import math
import struct
from collections.abc import Callable


def ordinary(factor: float) -> tuple[float, float]:
    """The lowest and highest double above 0 whose product with `factor` is neither 0 nor infinite.

    `factor` is finite and not 0. Found by halving: doubles above 0 lie in the order of their bits.
    """

    def first(holds: Callable[[float], bool]) -> float:
        low, high = 0, _bits(math.inf)
        while high - low > 1:
            middle = (low + high) // 2
            low, high = (low, middle) if holds(_double(middle)) else (middle, high)
        return _double(high)

    too_large = first(lambda x: math.isinf(factor * x))
    return first(lambda x: factor * x != 0), math.nextafter(too_large, 0.0)


def _bits(value: float) -> int:
    return int(struct.unpack("<q", struct.pack("<d", value))[0])


def _double(bits: int) -> float:
    return float(struct.unpack("<d", struct.pack("<q", bits))[0])
