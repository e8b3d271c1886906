"""Decay in SQL; see *Decay* in docs/language.md and `plan.terms.Decay`."""

from __future__ import annotations

from dataclasses import dataclass
from math import gcd

from leadscore.plan import terms as t
from leadscore.targets.sql.dialect import Dialect

_MOST_64 = 2**63 - 1


@dataclass(frozen=True, slots=True)
class Stepwise:
    """What is left of points after `n` steps is `size - n * step`, down to 0; in units."""

    sign: int
    size: int
    step: int
    every: int
    gone: int
    """Seconds after which nothing is left."""

    @property
    def most_steps(self) -> int:
        """Steps after which something is left still."""
        return self.gone // self.every - 1

    def left(self, dialect: Dialect, age: str) -> str:
        """What is left at an age below `gone`."""
        return f"{self.sign * self.size} - {self.sign * self.step} * {self.steps(dialect, age)}"

    def steps(self, dialect: Dialect, age: str) -> str:
        """The steps up to an age."""
        return dialect.divide(age, str(self.every))


@dataclass(frozen=True, slots=True)
class Gradual:
    """What is left of points after `n` whole hours is `size * (scale - n * hourly) // divisor`."""

    sign: int
    size: int
    scale: int
    hourly: int
    divisor: int
    gone: int
    """Seconds after which nothing is left."""

    def left(self, dialect: Dialect, age: str) -> str:
        """What is left at an age below `gone`; 64 bits."""
        left = f"({self.scale} - {self.hourly} * {dialect.divide(age, '3600')})"
        if self.size * self.scale <= _MOST_64:
            kept = dialect.divide(f"({self.size} * {left})", str(self.divisor))
        else:
            product = f"({dialect.wide(str(self.size))} * {left})"
            kept = dialect.narrow(dialect.divide(product, dialect.wide(str(self.divisor))))
        return kept if self.sign > 0 else f"-{kept}"


def decay_of(points: int, decay: t.Decay) -> Stepwise | Gradual | None:
    """How points in units decay; None where they do not."""
    size, sign = abs(points), -1 if points < 0 else 1
    if decay.rate == 0 or size == 0:
        return None
    if decay.gradual:
        scale, hourly = 10_000 * decay.every, 3600 * decay.rate
        hours = -(-scale // hourly)
        common = gcd(size, scale)
        return Gradual(sign, size // common, scale, hourly, scale // common, 3600 * hours)
    steps = -(-10_000 // decay.rate)
    return Stepwise(sign, size, size // 10_000 * decay.rate, decay.every, steps * decay.every)
