"""The points of rules, in units, over the columns of a lead."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import assert_never

from leadscore.plan import terms as t
from leadscore.plan.bounds import may_pass_alone
from leadscore.plan.walk import conditions, operands
from leadscore.targets.sql.conditions import Conditions
from leadscore.targets.sql.dialect import Dialect, Unsayable
from leadscore.targets.sql.events import ModelEvents
from leadscore.targets.sql.query import case, switch
from leadscore.values.units import MAX_UNITS

_PAST_ANY_POINTS = 1e15
"""So many times any points are past 64 bits: the least are a thousandth, which is 10^4 units."""
_LONGEST_AGE = 320_000_000_000
"""Seconds between any two dates of the years 1 to 9999, offsets included."""


@dataclass(frozen=True, slots=True)
class Sum:
    """A sum in units, before its limit."""

    expression: str
    wide: bool = False
    """Whether it may be past 64 bits, and is of a type that holds it."""
    earned: str = ""
    """The same without decay; empty where nothing decays."""
    problem: str = ""
    """Where another sum that the rule looks at is past 64 bits; empty: nowhere."""


class Rules:
    """Writes the bodies of rules for one plan.

    `checked`: sums that can be past 64 bits are made so wide that they can be looked at, for an
    error that names the lead. Else they are of 64 bits, and past them the database stops.
    """

    def __init__(
        self,
        dialect: Dialect,
        conditions_: Conditions,
        reading: Callable[[t.Field, str], str],
        events: ModelEvents | None,
        as_of: str,
        *,
        checked: bool,
        few_events: bool,
        receipt: bool,
    ) -> None:
        """`few_events`: no lead has more events than a packed counter holds."""
        self._dialect = dialect
        self._conditions = conditions_
        self._reading = reading
        self._events = events
        self._as_of = as_of
        self._checked = checked
        self._few_events = few_events
        self._receipt = receipt

    def sum(self, body: t.Body) -> Sum:
        """The points of a rule whose guard holds."""
        match body:
            case t.Choice(cases=cases):
                return self._choice(cases)
            case t.EachEvent():
                return self._each_event(body)
            case t.EachAmount(operand=operand, step=step, points=points):
                return self._each_amount(self._reading(operand, "n"), step, points)
            case t.EachElapsed(since=t.Property() as operand, every=every, points=points):
                date = self._reading(operand, "d")
                return self._elapsed(date, f"{date} <= {self._as_of}", every, points)
            case t.EachElapsed(since=stream, every=every, points=points):
                assert self._events is not None
                assert isinstance(stream, t.Stream)
                latest = self._events.latest(stream)
                return self._elapsed(latest, f"{latest} is not null", every, points)
            case _:
                assert_never(body)

    def _choice(self, cases: tuple[t.Case, ...]) -> Sum:
        pairs: list[tuple[str, str]] = []
        otherwise = 0
        for item in cases:
            if item.condition == t.Constant(True):
                otherwise = item.points
                break
            pairs.append((self._conditions.write(item.condition), str(item.points)))
        points = self._dialect.whole(case(pairs, str(otherwise)))
        return Sum(points, problem=self._totals(cases))

    def _totals(self, cases: tuple[t.Case, ...]) -> str:
        """Whether a total that the cases ask for is past 64 bits."""
        if not self._checked:
            return ""
        assert self._events is not None or not _measures(cases)
        totals: dict[str, None] = {}
        for measure in _measures(cases):
            if measure.kind in ("total", "average") and self._events is not None:
                totals[self._events.measure(measure)[0]] = None
        return " or ".join(f"abs({total}) > {MAX_UNITS}" for total in totals)

    def _each_event(self, body: t.EachEvent) -> Sum:
        events, dialect = self._events, self._dialect
        assert events is not None
        wide = self._checked and not self._few_events and may_pass_alone(body)
        if body.decay is not None and not self._receipt:
            return Sum(events.decayed(body, wide=wide), wide)
        if len(body.points) > 1:
            sums = [0]
            for points in body.points:
                sums.append(sums[-1] + points)
            count = events.count(body.stream)
            pairs = [(str(many), str(total)) for many, total in enumerate(sums[:-1])]
            earned = dialect.whole(switch(count, pairs, str(sums[-1])))
        else:
            count = events.count(body.stream)
            earned = f"{dialect.wide(count) if wide else count} * {body.points[0]}"
        if body.decay is None:
            return Sum(earned, wide)
        left = events.decayed(body, wide=wide)
        return Sum(left, wide, earned=earned)

    def _each_amount(self, x: str, step: int, points: int) -> Sum:
        dialect = self._dialect
        times = f"{x} / {dialect.double(float(step))}"
        least = f"{x} >= {dialect.double(float(step))}"
        if points == 0:
            return Sum(dialect.whole("0"))
        if not self._checked:
            # Not more than what makes the product overflow: a floor past 64 bits would be NULL.
            most = f"least({times}, {dialect.double(_PAST_ANY_POINTS)})"
            return Sum(case([(least, f"{dialect.floor(most)} * {points}")], "0"))
        past = f"{dialect.wide(str(MAX_UNITS))} * {2 if points > 0 else -2}"
        pairs = [
            (f"{times} >= {dialect.double(_PAST_ANY_POINTS)}", past),
            (least, f"{dialect.wide(dialect.floor(times))} * {points}"),
        ]
        return Sum(case(pairs, dialect.wide("0")), wide=True)

    def _elapsed(self, second: str, holds: str, every: int, points: int) -> Sum:
        dialect = self._dialect
        times = dialect.divide(f"({self._as_of} - {second})", str(every))
        wide = self._checked and _LONGEST_AGE // every * abs(points) > MAX_UNITS
        if wide:
            return Sum(
                case([(holds, f"{dialect.wide(times)} * {points}")], dialect.wide("0")), True
            )
        return Sum(case([(holds, f"{times} * {points}")], "0"))


def _measures(cases: tuple[t.Case, ...]) -> list[t.Measure]:
    return [
        operand
        for item in cases
        for condition in conditions(item.condition)
        for operand in operands(condition)
        if isinstance(operand, t.Measure)
    ]


def clamped(expression: str, limit: t.Limit | None) -> str:
    """A sum within its limit."""
    if limit is None:
        return expression
    if limit.high is not None and limit.high <= MAX_UNITS:
        expression = f"least({expression}, {_sayable(limit.high)})"
    if limit.low is not None and limit.low >= -MAX_UNITS:
        expression = f"greatest({expression}, {_sayable(limit.low)})"
    return expression


def _sayable(end: int) -> int:
    if abs(end) > MAX_UNITS:
        raise Unsayable("a limit is past 64 bits (about 922 billion points)")
    return end
