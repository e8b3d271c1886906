"""Conditions as SQL.

An expression is true exactly where the condition holds; elsewhere it is false or NULL. That is
enough for `case`, filters, `and` and `or`; only `not` needs two values, and makes them. So no third
truth value gets through, and few expressions need a `coalesce`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import tzinfo
from decimal import ROUND_CEILING, ROUND_FLOOR, Context, Decimal
from typing import assert_never

from leadscore.plan import terms as t
from leadscore.plan.readings import Asked
from leadscore.targets.sql.dialect import Dialect, Unsayable
from leadscore.targets.sql.query import case
from leadscore.values.dates import end_of_day, midnight, seconds_of

MOST_64 = 2**63 - 1
_MOST_FACTOR = 15
"""Decimals that a comparison of an average may add to the four of the language's units."""


@dataclass(frozen=True, slots=True)
class Look:
    """Where a condition finds what it looks at."""

    reading: Callable[[t.Field, str], str]
    """The column of a reading of a property or attribute."""
    definition: Callable[[str], str]
    in_list: Callable[[str], str]
    measure: Callable[[t.Measure], tuple[str, str]]
    """The value of a measure and, of an average, the number of values; else an empty text."""
    some: Callable[[t.Stream], str]
    """A number that is 0 where a stream has no event, and else above it."""
    as_of: str


class Conditions:
    """Writes conditions for one plan."""

    def __init__(self, dialect: Dialect, asked: Asked, zone: tzinfo, look: Look) -> None:
        self._dialect = dialect
        self._asked = asked
        self._zone = zone
        self._look = look

    def write(self, condition: t.Condition) -> str:
        """The expression, as it may stand alone, behind `when` or in a function's parentheses."""
        text = self.inner(condition)
        if isinstance(condition, t.AllOf | t.AnyOf) and len(condition.items) > 1:
            return text[1:-1]
        return text

    def inner(self, condition: t.Condition) -> str:
        """The expression as it may stand beside `and`: one comparison, or in parentheses."""
        match condition:
            case t.Constant(value=value):
                return "true" if value else "false"
            case t.AllOf(items=items):
                return self._between(items) or self._joined(" and ", items, "true")
            case t.AnyOf(items=items):
                return self._joined(" or ", items, "false")
            case t.Not(item=item):
                return self._not(item)
            case t.Defined(key=key):
                return self._look.definition(key)
            case t.InList(key=key):
                return self._look.in_list(key)
            case t.NumberCompare(operand=t.Measure() as measure, operator=operator, value=value):
                return self._measure(measure, operator, value)
            case t.Known(operand=t.Measure() as measure):
                value_, count = self._look.measure(measure)
                if measure.kind == "average":
                    return f"{count} > 0"
                return f"{value_} is not null" if measure.kind in ("highest", "lowest") else "true"
            case _:
                return self._comparison(condition)

    def _joined(self, word: str, items: tuple[t.Condition, ...], nothing: str) -> str:
        if not items:
            return nothing
        if len(items) == 1:
            return self.inner(items[0])
        return f"({word.join(self.inner(item) for item in items)})"

    def _between(self, items: tuple[t.Condition, ...]) -> str:
        """`x between low and high`; empty where the items are not of that form."""
        match items:
            case (
                t.NumberCompare(
                    operand=t.Property() | t.Attribute() as a, operator=">=", value=low
                ),
                t.NumberCompare(operand=b, operator="<=", value=high),
            ) if a == b:
                x = self._reading(a, "n")
                double = self._dialect.double
                return f"({x} between {double(float(low))} and {double(float(high))})"
        return ""

    def _not(self, item: t.Condition) -> str:
        match item:
            case t.Known(operand=t.Property() | t.Attribute() as operand):
                return f"{self._reading(operand, self._asked.known(operand))} is null"
            case t.Constant(value=value):
                return "false" if value else "true"
        text = self.inner(item)
        if isinstance(item, t.Defined | t.InList):
            return f"(not {text})"  # columns of two values
        return f"(not coalesce({self.write(item)}, false))"

    def _reading(self, operand: t.Field, letter: str) -> str:
        return self._look.reading(operand, letter)

    # Comparisons

    def _comparison(self, condition: t.Comparison) -> str:
        dialect = self._dialect
        if isinstance(condition, t.CompareFields):
            return self._compare_fields(condition)
        if isinstance(condition, t.ComparePercent):
            left = dialect.scale(100.0, self._reading(condition.left, "n"))
            right = dialect.scale(float(condition.percent), self._reading(condition.right, "n"))
            return f"{left} {condition.operator} {right}"
        operand = condition.operand
        assert not isinstance(operand, t.Measure)
        x = self._reading(operand, self._asked.letters(condition, operand))
        match condition:
            case t.Known():
                return f"{x} is not null"
            case t.TextIs(texts=texts):
                if len(texts) == 1:
                    return f"{x} = {dialect.string(texts[0])}"
                return f"{x} in ({', '.join(map(dialect.string, texts))})"
            case t.TextFind(kind=kind, texts=texts):
                return self._find(x, kind, texts)
            case t.TextCompare(operator=operator, text=text):
                return dialect.precedes(x, operator, dialect.string(text))
            case t.NumberCompare(operator=operator, value=value):
                return f"{x} {operator} {dialect.double(float(value))}"
            case t.DateCompare(operator=operator, point=point):
                return self.date(x, operator, point)
            case t.DateAge(low=low, high=high):
                age = f"{self._look.as_of} - {x}"
                if low is not None and high is not None:
                    return f"({age} between {low} and {high})"
                return f"{age} >= {low}" if low is not None else f"{age} <= {high}"
            case t.BooleanIs(value=value):
                return x if value else f"{x} = false"
            case _:
                assert_never(condition)

    def _find(self, x: str, kind: str, texts: tuple[str, ...]) -> str:
        dialect = self._dialect
        ways: dict[str, Callable[[str, str], str]] = {
            "contains": dialect.contains,
            "word": dialect.contains,
            "starts": dialect.starts,
            "ends": dialect.ends,
            "matches": dialect.matches,
        }
        tests = [ways[kind](x, text) for text in texts]
        return tests[0] if len(tests) == 1 else f"({' or '.join(tests)})"

    def date(self, x: str, operator: t.Operator, point: t.DatePoint) -> str:
        """The instant `x` against a date of the model, which is a whole day without a time."""
        if point.timed:
            return f"{x} {operator} {seconds_of(point.moment, self._zone)}"
        day = point.moment.date()
        start, after = midnight(day, self._zone), end_of_day(day, self._zone)
        match operator:
            case "=":
                return f"({x} >= {start} and {x} < {after})"
            case "<" | ">=":
                return f"{x} {operator} {start}"
            case "<=":
                return f"{x} < {after}"
            case ">":
                return f"{x} >= {after}"
            case _:
                assert_never(operator)

    def _compare_fields(self, condition: t.CompareFields) -> str:
        left, right, operator = condition.left, condition.right, condition.operator
        if condition.kind is None:
            pairs: list[tuple[str, str]] = []
            for letter in "ND":
                a, b = self._reading(left, letter), self._reading(right, letter)
                pairs.append((f"{a} is not null and {b} is not null", f"{a} {operator} {b}"))
            a, b = self._reading(left, "t"), self._reading(right, "t")
            return case(pairs, self._texts(a, operator, b))
        letter = self._asked.letters(condition, left)
        a, b = self._reading(left, letter), self._reading(right, letter)
        if letter == "t":
            return self._texts(a, operator, b)
        return f"{a} {operator} {b}"

    def _texts(self, a: str, operator: t.Operator, b: str) -> str:
        return f"{a} = {b}" if operator == "=" else self._dialect.precedes(a, operator, b)

    # Measures

    def _measure(self, measure: t.Measure, operator: t.Operator, value: Decimal) -> str:
        if measure.kind == "count" and operator == ">=" and value == 1:
            return compare_integer(self._look.some(measure.stream), operator, value)
        x, count = self._look.measure(measure)
        match measure.kind:
            case "count" | "different":
                return compare_integer(x, operator, value)
            case "total":
                return compare_integer(x, operator, value.scaleb(4, _exact(value)))
            case "average":
                return self._average(x, count, operator, value.scaleb(4, _exact(value)))
            case "highest" | "lowest":
                return f"{x} {operator} {self._dialect.double(float(value))}"

    def _average(self, total: str, count: str, operator: t.Operator, value: Decimal) -> str:
        """`total CMP value × count`, both in ten-thousandths, exactly; false of nothing."""
        if abs(value) > MOST_64:  # no total is so large
            holds = operator in (("<", "<=") if value > 0 else (">", ">="))
            return f"{count} > 0" if holds else "false"
        extra = _decimals(value)
        if extra > _MOST_FACTOR:
            raise Unsayable(
                f"an average is compared with a number of more than {_MOST_FACTOR + 4} decimals"
            )
        wide = self._dialect.wide
        left = wide(total)
        if extra:
            left = f"{left} * {10**extra}"
        bound = int(value.scaleb(extra, _exact(value)))
        return f"({count} > 0 and {left} {operator} {wide(str(bound))} * {count})"


def compare_integer(x: str, operator: t.Operator, value: Decimal) -> str:
    """An integer of at most 64 bits against any decimal, exactly.

    Beside a bound that no such integer reaches, the result is known; it is written as a comparison
    that a NULL, which is a total past 64 bits, does not satisfy either.
    """
    exact = _exact(value)
    if operator == "=" and value != value.to_integral_value(ROUND_FLOOR, exact):
        return "false"
    rounding = ROUND_FLOOR if operator in ("<=", ">") else ROUND_CEILING
    bound = int(value.to_integral_value(rounding, exact))
    if -MOST_64 <= bound <= MOST_64:
        return f"{x} {operator} {bound}"
    holds = operator in (("<", "<=") if bound > 0 else (">", ">="))
    return f"{x} is not null" if holds else "false"


def _exact(value: Decimal) -> Context:
    return Context(prec=len(value.as_tuple().digits) + abs(int(value.adjusted())) + 40)


def _decimals(value: Decimal) -> int:
    exponent = value.normalize(_exact(value)).as_tuple().exponent
    assert isinstance(exponent, int)
    return max(0, -exponent)
