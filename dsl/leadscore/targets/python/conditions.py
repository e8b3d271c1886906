"""Conditions as Python expressions. Every expression is True or False, never None."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Context, Decimal
from typing import TYPE_CHECKING, assert_never

from leadscore.plan import terms as t
from leadscore.targets.python.readings import Readings
from leadscore.targets.python.source import Source, ZonePoint
from leadscore.values.text import wildcard

if TYPE_CHECKING:
    from leadscore.targets.python.events import Events

_PYTHON = {"=": "==", "<": "<", "<=": "<=", ">": ">", ">=": ">="}


class Conditions:
    """Writes conditions. Statements that they need before them go to the source at once."""

    def __init__(self, source: Source, readings: Readings) -> None:
        self._source = source
        self._readings = readings
        self.events: Events
        """Set by `Events`, which needs conditions for its filters."""
        self.definitions: dict[str, str] = {}
        """The variable of each definition that is written."""

    def write(self, condition: t.Condition) -> str:
        """The expression of `condition`, in parentheses where it needs them."""
        match condition:
            case t.Constant(value=value):
                return str(value)
            case t.AllOf(items=items):
                between = self._between(items)
                return between or self._joined(" and ", items)
            case t.AnyOf(items=items):
                return self._joined(" or ", items)
            case t.Not(item=item):
                return f"(not {self.write(item)})"
            case t.Defined(key=key):
                return self.definitions[key]
            case t.InList(key=key):
                return f"({key!r} in lists)"
            case t.NumberCompare(operand=t.Measure() as measure, operator=operator, value=value):
                return self.events.compare(measure, operator, value)
            case t.Known(operand=t.Measure() as measure):
                return self.events.known(measure)
            case _:
                return self._comparison(condition)

    def _joined(self, word: str, items: tuple[t.Condition, ...]) -> str:
        return "(" + word.join(self.write(item) for item in items) + ")"

    def _between(self, items: tuple[t.Condition, ...]) -> str:
        """`low <= x <= high` in one comparison; empty where the items are not of that form."""
        match items:
            case (
                t.NumberCompare(
                    operand=t.Property() | t.Attribute() as a, operator=">=", value=low
                ),
                t.NumberCompare(operand=b, operator="<=", value=high),
            ) if a == b:
                x = self._readings.variable(a, "n")
                return f"({x} is not None and {float(low)!r} <= {x} <= {float(high)!r})"
        return ""

    def _comparison(self, condition: t.Comparison) -> str:
        if isinstance(condition, t.CompareFields):
            return self._compare_fields(condition)
        if isinstance(condition, t.ComparePercent):
            left = self._readings.variable(condition.left, "n")
            right = self._readings.variable(condition.right, "n")
            operator = _PYTHON[condition.operator]
            return (
                f"({left} is not None and {right} is not None "
                f"and 100.0 * {left} {operator} {float(condition.percent)!r} * {right})"
            )
        operand = condition.operand
        assert not isinstance(operand, t.Measure)
        x = self._readings.variable(operand, self._readings.letters(condition, operand))
        match condition:
            case t.Known():
                return f"({x} is not None)"
            case t.TextIs(texts=texts):
                if len(texts) == 1:
                    return f"({x} == {texts[0]!r})"
                return f"({x} in {{{', '.join(map(repr, texts))}}})"
            case t.TextFind(kind=kind, texts=texts):
                return f"({x} is not None and {self._find(x, kind, texts)})"
            case t.TextCompare(operator=operator, text=text):
                return f"({x} is not None and {x} {_PYTHON[operator]} {text!r})"
            case t.NumberCompare(operator="=", value=value):
                return f"({x} == {float(value)!r})"
            case t.NumberCompare(operator=operator, value=value):
                return f"({x} is not None and {x} {_PYTHON[operator]} {float(value)!r})"
            case t.DateCompare(operator=operator, point=point):
                return f"({x} is not None and {self.date(x, operator, point)})"
            case t.DateAge(low=low, high=high):
                age = f"as_of - {x}"
                if low is not None and high is not None:
                    return f"({x} is not None and {low} <= {age} <= {high})"
                bound = f"{age} >= {low}" if low is not None else f"{age} <= {high}"
                return f"({x} is not None and {bound})"
            case t.BooleanIs(value=value):
                return f"({x} is {value})"
            case _:
                assert_never(condition)

    def _find(self, x: str, kind: str, texts: tuple[str, ...]) -> str:
        match kind:
            case "starts" | "ends":
                return f"{x}.{kind}with({texts!r})"
            case "contains" | "word":
                tests = [f"{text!r} in {x}" for text in texts]
            case _:
                tests = [f"{self._source.constant(wildcard(text), 'M')}({x})" for text in texts]
        return tests[0] if len(tests) == 1 else f"({' or '.join(tests)})"

    def date(self, x: str, operator: t.Operator, point: t.DatePoint) -> str:
        """The instant `x` against a date of the model, which is a whole day without a time."""
        if point.timed:
            return f"{x} {_PYTHON[operator]} {self._zone_point(point, False)}"
        match operator:
            case "=":
                start, after = self._zone_point(point, False), self._zone_point(point, True)
                return f"{start} <= {x} < {after}"
            case "<":
                return f"{x} < {self._zone_point(point, False)}"
            case "<=":
                return f"{x} < {self._zone_point(point, True)}"
            case ">":
                return f"{x} >= {self._zone_point(point, True)}"
            case ">=":
                return f"{x} >= {self._zone_point(point, False)}"
            case _:
                assert_never(operator)

    def _zone_point(self, point: t.DatePoint, after: bool) -> str:
        return self._source.constant(ZonePoint(point, after), "Z")

    def _compare_fields(self, condition: t.CompareFields) -> str:
        variable: Callable[[t.Field, str], str] = self._readings.variable
        left, right = condition.left, condition.right
        if condition.kind is None:
            sides = (
                "(" + ", ".join(variable(side, letter) for letter in "NDt") + ")"
                for side in (left, right)
            )
            return f"compare_any({condition.operator!r}, {', '.join(sides)})"
        letter = self._readings.letters(condition, left)
        a, b = variable(left, letter), variable(right, letter)
        return f"({a} is not None and {b} is not None and {a} {_PYTHON[condition.operator]} {b})"


def scaled(value: Decimal, digits: int) -> tuple[int, int]:
    """Integers (f, v) with ``x CMP value`` the same as ``x * 10^digits * f CMP v``, exactly."""
    exponent = value.as_tuple().exponent
    assert isinstance(exponent, int)
    extra = max(0, -exponent - digits)
    exact = Context(prec=len(value.as_tuple().digits) + 20)
    return 10**extra, int(value.scaleb(digits + extra, exact))


python_operator = _PYTHON.__getitem__
