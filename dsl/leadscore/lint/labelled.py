"""Which scores the lines of a block of labels take, and which none takes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import gcd

from leadscore.lint.view import LabelView, View
from leadscore.plan import terms as t
from leadscore.plan.bounds import Interval
from leadscore.syntax.document import Statement


@dataclass(frozen=True, slots=True)
class Ladder:
    """A block of labels, or an axis of the matrix, whose `statement` is the axis's line."""

    target: t.Target
    steps: tuple[LabelView, ...]
    statement: Statement | None


@dataclass(frozen=True, slots=True)
class Gap:
    """Attainable scores from `low` to below `high`, in units, that no line takes.

    `beside` is the line that ends, or (with `below`) begins, there.
    """

    low: int | None
    high: int | None
    beside: LabelView
    below: bool


def ladders(view: View) -> Iterator[Ladder]:
    """The blocks of labels and the axes of the matrix."""
    for labels in view.labels:
        yield Ladder(labels.target, labels.labels, None)
    for axis in view.axes:
        yield Ladder(axis.category, axis.steps, axis.statement)


def score_named(target: t.Target) -> str:
    """What a target is called at the beginning of a sentence about one value of it."""
    return {"score": "A score", "fit": "A fit", "engagement": "An engagement"}[target]


def gaps(view: View, ladder: Ladder) -> Iterator[Gap]:
    """What no line takes, as far as its own target tells, from the lowest up.

    A line with an `if`, or a bound on another target, takes some leads: it leaves no gap.
    """
    interval: Interval = {
        "score": view.bounds.score,
        "fit": view.bounds.fit,
        "engagement": view.bounds.engagement,
    }[ladder.target]
    taken = sorted(
        (_taken(ladder.target, step) for step in ladder.steps),
        key=lambda item: (item[0] is not None, item[0] or 0),
    )
    if not taken:
        return
    grid = _grid(view.plan)
    end: int | None = None
    last: LabelView | None = None
    for low, high, step in taken:
        below = last is None
        if (
            low is not None
            and (below or (end is not None and low > end))
            and _attainable(None if below else end, low, interval, grid)
        ):
            yield Gap(end, low, last or step, below)
        if high is None:
            return
        if last is None or (end is not None and high > end):
            end, last = high, step
    if last is not None and _attainable(end, None, interval, grid):
        yield Gap(end, None, last, False)


def _taken(target: t.Target, step: LabelView) -> tuple[int | None, int | None, LabelView]:
    low: int | None = None
    high: int | None = None
    for bound in step.term.bounds:
        if bound.target == target:
            if bound.low is not None:
                low = bound.low if low is None else max(low, bound.low)
            if bound.high is not None:
                high = bound.high if high is None else min(high, bound.high)
    return low, high, step


def _attainable(low: int | None, high: int | None, interval: Interval, grid: int) -> bool:
    """Whether sums can lie from `low` to below `high`, as far as bounds tell."""
    if low is None or (interval.low is not None and interval.low > low):
        low = interval.low
    most = None if high is None else high - 1
    if most is None or (interval.high is not None and interval.high < most):
        most = interval.high
    if low is None or most is None:
        return True
    return most // grid >= -(-low // grid)  # a multiple of the grid lies within


def _grid(plan: t.Plan) -> int:
    """All sums are multiples of it: the common divisor of all points and limits, in units."""
    grid = 0
    limits = [limit for _, limit in plan.limits]
    for group in plan.groups:
        if group.limit is not None:
            limits.append(group.limit)
        for rule in group.rules:
            if rule.limit is not None:
                limits.append(rule.limit)
            match rule.body:
                case t.Choice(cases=cases):
                    grid = gcd(grid, *(case.points for case in cases))
                case t.EachEvent(points=points, decay=decay):
                    grid = 1 if decay is not None else gcd(grid, *points)
                case t.EachAmount(points=each) | t.EachElapsed(points=each):
                    grid = gcd(grid, each)
    for limit in limits:
        grid = gcd(grid, limit.low or 0, limit.high or 0)
    return grid or 1
