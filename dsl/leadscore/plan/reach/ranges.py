"""Whether comparisons of one number, text or instant leave it any value.

A comparison is an operator, a bound, and whether it holds or fails; one that fails is only given
where the value is known to have the reading that is compared.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from sys import float_info
from typing import Generic, TypeVar

from leadscore.plan import terms as t

B = TypeVar("B", float, int, Fraction, str)

_OPPOSITE: dict[t.Operator, t.Operator] = {"<": ">=", "<=": ">", ">": "<=", ">=": "<"}


class Range(Generic[B]):
    """The values of a total order that all comparisons so far leave."""

    def __init__(self, low: B | None = None, high: B | None = None) -> None:
        self.low: B | None = low
        self.high: B | None = high
        self.low_open = self.high_open = False
        self._not: set[B] = set()

    def add(self, operator: t.Operator, bound: B, holds: bool = True) -> None:
        """Take one comparison more."""
        if not holds:
            if operator == "=":
                self._not.add(bound)
                return
            operator = _OPPOSITE[operator]
        if operator in (">", ">=", "="):
            is_open = operator == ">"
            if self.low is None or bound > self.low or (bound == self.low and is_open):
                self.low, self.low_open = bound, is_open
        if operator in ("<", "<=", "="):
            is_open = operator == "<"
            if self.high is None or bound < self.high or (bound == self.high and is_open):
                self.high, self.high_open = bound, is_open

    @property
    def only(self) -> B | None:
        """The one value that is left, if there is one."""
        closed = not self.low_open and not self.high_open
        return self.low if closed and self.low == self.high else None

    @property
    def empty(self) -> bool:
        """Whether no value is left, of an order with values between any two."""
        if self.low is None or self.high is None:
            return False
        if self.low == self.high:
            return self.low_open or self.high_open or self.low in self._not
        return self.low > self.high

    def squeezed(self, after: Callable[[B], B], before: Callable[[B], B]) -> tuple[B, B] | None:
        """The lowest and highest value left, of an order with a next value; None: none is left.

        Both ends must be bounded.
        """
        assert self.low is not None
        assert self.high is not None
        low = after(self.low) if self.low_open else self.low
        high = before(self.high) if self.high_open else self.high
        while low <= high and low in self._not:
            low = after(low)
        while low <= high and high in self._not:
            high = before(high)
        return (low, high) if low <= high else None


Numbers = Sequence[tuple[t.Operator, Decimal, bool]]


def no_double(comparisons: Numbers) -> bool:
    """Whether no finite double satisfies all; a bound is the double nearest to its decimal."""
    left = Range[float](-float_info.max, float_info.max)
    for operator, bound, holds in comparisons:
        left.add(operator, float(bound), holds)
    return (
        left.squeezed(
            lambda value: math.nextafter(value, math.inf),
            lambda value: math.nextafter(value, -math.inf),
        )
        is None
    )


def no_fraction(comparisons: Numbers) -> bool:
    """Whether no exact number satisfies all."""
    left = Range[Fraction]()
    for operator, bound, holds in comparisons:
        left.add(operator, Fraction(bound), holds)
    return left.empty


_FAR = 10**400
"""Past every literal of a model."""


def whole(
    comparisons: Numbers, low: int | None, high: int | None, scale: int = 1
) -> tuple[int | None, int | None] | None:
    """The integers x between `low` and `high` with ``x / scale CMP bound`` for all.

    The lowest and the highest, None for no bound; or None where there is none.
    """
    left = Range[int](-_FAR if low is None else low, _FAR if high is None else high)
    for operator, bound, holds in comparisons:
        scaled = Fraction(bound) * scale
        if scaled.denominator == 1:
            left.add(operator, scaled.numerator, holds)
        elif operator == "=":
            if holds:
                return None
        else:  # between two integers `<` and `<=` are the same
            less = (operator in ("<", "<=")) == holds
            left.add("<=" if less else ">=", math.floor(scaled) if less else math.ceil(scaled))
    found = left.squeezed(lambda value: value + 1, lambda value: value - 1)
    if found is None:
        return None
    return (None if found[0] == -_FAR else found[0], None if found[1] == _FAR else found[1])


# Instants. A date of the model is local, and which instant that is depends on the zone of the run.

DAY = 86_400
_EPOCH = datetime(1970, 1, 1)

Place = int
"""A local time as seconds since 1970; whole days are midnights."""


def starts(point: t.DatePoint) -> Place:
    """Where a date of the model begins."""
    age = point.moment - _EPOCH
    return age.days * DAY + (age.seconds if point.timed else 0)


def after_day(point: t.DatePoint) -> Place:
    """The midnight after a date without a time."""
    return starts(point) + DAY


def not_after(one: Place, other: Place) -> bool:
    """Whether in every zone the instant of `one` is not after that of `other`.

    Offsets from UTC are less than a day, so two days apart are enough. Of midnights, no zone puts
    a later one first: none ever skipped more than a day at once. A time inside an hour that a
    zone skips can come out after a later one.
    """
    midnights = one % DAY == 0 and other % DAY == 0
    return one == other or before(one, other) or (one <= other and midnights)


def before(one: Place, other: Place) -> bool:
    """Whether in every zone the instant of `one` is before that of `other`."""
    return other - one >= 2 * DAY


class Instants:
    """What comparisons with dates of the model leave of an instant."""

    def __init__(self) -> None:
        self._lows: list[tuple[Place, bool]] = []
        """Each a place, and whether the instant itself is left out."""
        self._highs: list[tuple[Place, bool]] = []
        self._not: list[tuple[tuple[Place, bool], tuple[Place, bool]]] = []

    def add(self, operator: t.Operator, point: t.DatePoint, holds: bool = True) -> None:
        """Take one comparison more."""
        start = starts(point)
        end = (start, False) if point.timed else (after_day(point), True)
        if operator == "=" and not holds:
            self._not.append(((start, False), end))
            return
        if not holds:
            operator = _OPPOSITE[operator]
        match operator:
            case "=":
                self._lows.append((start, False))
                self._highs.append(end)
            case ">=":
                self._lows.append((start, False))
            case "<":
                self._highs.append((start, True))
            case "<=":
                self._highs.append(end)
            case ">":
                self._lows.append((start, True) if point.timed else (end[0], False))

    @property
    def empty(self) -> bool:
        """Whether no instant is left, in any zone."""
        lows, highs = _extreme(self._lows, max), _extreme(self._highs, min)
        if any(_apart(low, high) for low in lows for high in highs):
            return True
        return any(
            any(_covers_low(first, low) for low in lows)
            and any(_covers_high(last, high) for high in highs)
            for first, last in self._not
        )


def _extreme(
    ends: list[tuple[Place, bool]], choose: Callable[[Iterable[Place]], Place]
) -> list[tuple[Place, bool]]:
    """The ends that matter: the outermost, and the outermost that is a midnight."""
    found: list[tuple[Place, bool]] = []
    for some in (ends, [end for end in ends if end[0] % DAY == 0]):
        if some:
            place = choose(end[0] for end in some)
            found += {end for end in some if end[0] == place}
    return found


def _apart(low: tuple[Place, bool], high: tuple[Place, bool]) -> bool:
    """Whether no instant is from `low` on and up to `high`."""
    if low[1] or high[1]:
        return not_after(high[0], low[0])
    return before(high[0], low[0])


def _covers_low(first: tuple[Place, bool], low: tuple[Place, bool]) -> bool:
    return not_after(first[0], low[0])


def _covers_high(last: tuple[Place, bool], high: tuple[Place, bool]) -> bool:
    """Whether every instant up to `high` is one up to `last`."""
    if last[1] and not high[1]:
        return before(high[0], last[0])
    return not_after(high[0], last[0])
