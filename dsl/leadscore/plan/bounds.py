"""What a plan can give at least and at most.

Sound, not tight: an interval holds every value that some lead can have, and perhaps more. None
stands for no bound. Units are those of points.
"""

from __future__ import annotations

from dataclasses import dataclass

from leadscore.plan import terms as t
from leadscore.values.units import MAX_UNITS

MANY_EVENTS = 10**8
"""More events of one lead than memory holds: past it a sum of theirs need not be bounded."""


@dataclass(frozen=True, slots=True)
class Interval:
    """From `low` to `high`, both included; None: unbounded."""

    low: int | None
    high: int | None

    def plus(self, other: Interval) -> Interval:
        """The sums of a value of each."""
        return Interval(
            None if self.low is None or other.low is None else self.low + other.low,
            None if self.high is None or other.high is None else self.high + other.high,
        )

    def clamped(self, limit: t.Limit | None) -> Interval:
        """The values after a limit."""
        if limit is None:
            return self
        return Interval(_clamp(self.low, limit, low=True), _clamp(self.high, limit, low=False))

    def with_zero(self) -> Interval:
        """The same, and 0."""
        return Interval(
            None if self.low is None else min(0, self.low),
            None if self.high is None else max(0, self.high),
        )


def _clamp(value: int | None, limit: t.Limit, *, low: bool) -> int | None:
    if value is None:
        return limit.low if low else limit.high
    if limit.high is not None and value > limit.high:
        return limit.high
    if limit.low is not None and value < limit.low:
        return limit.low
    return value


@dataclass(frozen=True, slots=True)
class Bounds:
    """The attainable intervals: a tuple of rules for each group, then each sum after its limit."""

    rules: tuple[tuple[Interval, ...], ...]
    groups: tuple[Interval, ...]
    fit: Interval
    engagement: Interval
    score: Interval


ZERO = Interval(0, 0)


def bounds_of(plan: t.Plan) -> Bounds:
    """The attainable minimum and maximum of every rule, group, category and of the score."""
    rules: list[tuple[Interval, ...]] = []
    groups: list[Interval] = []
    sums = {"fit": ZERO, "engagement": ZERO, None: ZERO}
    for group in plan.groups:
        inside = tuple(_rule(rule) for rule in group.rules)
        total = ZERO
        for interval in inside:
            total = total.plus(interval)
        total = total.clamped(group.limit)
        if group.guard is not None:
            total = total.with_zero()
            inside = tuple(interval.with_zero() for interval in inside)
        rules.append(inside)
        groups.append(total)
        sums[group.category] = sums[group.category].plus(total)
    limits = dict(plan.limits)
    fit = sums["fit"].clamped(limits.get("fit"))
    engagement = sums["engagement"].clamped(limits.get("engagement"))
    score = fit.plus(engagement).plus(sums[None]).clamped(limits.get("score"))
    return Bounds(tuple(rules), tuple(groups), fit, engagement, score)


def _rule(rule: t.Rule) -> Interval:
    found = _body(rule.body).clamped(rule.limit)
    return found if rule.guard is None else found.with_zero()


def _body(body: t.Body) -> Interval:
    match body:
        case t.Choice(cases=cases):
            points = [case.points for case in cases]
            if not any(case.condition == t.Constant(True) for case in cases):
                points.append(0)
            return Interval(min(points, default=0), max(points, default=0))
        case t.EachEvent(stream=stream, points=points_, decay=decay):
            return _each_event(stream, points_, decay)
        case t.EachAmount(points=points_one) | t.EachElapsed(points=points_one):
            if points_one == 0:
                return ZERO
            return Interval(0, None) if points_one > 0 else Interval(None, 0)


def _each_event(stream: t.Stream, points: tuple[int, ...], decay: t.Decay | None) -> Interval:
    most = stream.latest
    if len(points) > 1:
        counted = len(points) if most is None else min(most, len(points))
        low = high = 0
        for value in points[:counted]:
            # Each event's points can also have decayed to anything between them and 0.
            low += min(0, value)
            high += max(0, value)
        if decay is None:
            sums = [0]
            for value in points[:counted]:
                sums.append(sums[-1] + value)
            low, high = min(sums), max(sums)
        return Interval(low, high)
    value = points[0]
    if value == 0:
        return ZERO
    if most is None:
        return Interval(0, None) if value > 0 else Interval(None, 0)
    return Interval(min(0, most * value), max(0, most * value))


def may_pass(intervals: tuple[Interval, ...]) -> bool:
    """Whether a sum of one value of each interval could be past 64 bits.

    An unbounded one can be as large as a sum may be.
    """
    return sum(_size(interval) for interval in intervals) >= MAX_UNITS


def may_pass_alone(body: t.Body) -> bool:
    """Whether the points of a rule could by themselves be past 64 bits."""
    match body:
        case t.EachAmount() | t.EachElapsed():
            return True
        case t.EachEvent(stream=stream, points=points):
            most = stream.latest or MANY_EVENTS
            return len(points) == 1 and abs(points[0]) * most > MAX_UNITS
        case _:
            return False


def _size(interval: Interval) -> int:
    return max(abs(end) if end is not None else MAX_UNITS for end in (interval.low, interval.high))
