"""Conditions as expressions that are TRUE or FALSE in a row of leads, or of events."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import tzinfo
from typing import assert_never

from leadscore.plan import terms as t
from leadscore.plan.readings import Asked
from leadscore.targets.formulas.grid import (
    ROW,
    CannotSay,
    Grid,
    compared,
    joined,
    minus,
    quoted,
)
from leadscore.targets.formulas.readings import Field
from leadscore.targets.formulas.sheet import AS_OF, NAME
from leadscore.values.dates import end_of_day, midnight, seconds_of

NOW = f"{NAME}!{AS_OF}"


class Conditions:
    """Writes the conditions of one grid."""

    def __init__(
        self,
        grid: Grid,
        asked: Asked,
        fields: Mapping[t.Field, Field],
        zone: tzinfo,
        measured: Callable[[t.Condition], str] | None,
        in_list: Callable[[str], str] | None,
    ) -> None:
        """`measured` and `in_list` say what only leads can be asked."""
        self._grid = grid
        self._asked = asked
        self._fields = fields
        self._zone = zone
        self._measured = measured
        self._in_list = in_list
        self.definitions: dict[str, str] = {}

    def write(self, condition: t.Condition) -> str:
        """The expression, as short as it may stand in another."""
        return self._grid.short("condition", self._write(condition))

    def _write(self, condition: t.Condition) -> str:
        match condition:
            case t.Constant(value=value):
                return "TRUE" if value else "FALSE"
            case t.AllOf(items=items):
                return self._joined("AND", items) if items else "TRUE"
            case t.AnyOf(items=items):
                return self._joined("OR", items) if items else "FALSE"
            case t.Not(item=item):
                return f"NOT({self.write(item)})"
            case t.Defined(key=key):
                return self.definitions[key]
            case t.InList(key=key):
                assert self._in_list is not None
                return self._in_list(key)
            case (t.NumberCompare(operand=t.Measure()) | t.Known(operand=t.Measure())) as measured:
                assert self._measured is not None
                return self._measured(measured)
            case _:
                return self._comparison(condition)

    def _joined(self, word: str, items: Sequence[t.Condition]) -> str:
        return joined(self._grid, word, [self.write(item) for item in items])

    def reading(self, operand: t.Field, letter: str) -> str:
        """The reference of a reading in the row."""
        return self._fields[operand].columns[letter.lower()] + ROW

    def _comparison(self, condition: t.Comparison) -> str:
        if isinstance(condition, t.CompareFields):
            return self._compare_fields(condition)
        if isinstance(condition, t.ComparePercent):
            a, b = self.reading(condition.left, "n"), self.reading(condition.right, "n")
            percent = minus(condition.percent)
            test = compared(f"100*{a}", condition.operator, f"{percent}*{b}")
            return f"IF(AND(ISNUMBER({a}),ISNUMBER({b})),{test},FALSE)"
        operand = condition.operand
        assert not isinstance(operand, t.Measure)
        x = self.reading(operand, self._asked.letters(condition, operand))
        match condition:
            case t.Known():
                return f'NOT({x}="")'
            case t.TextIs(texts=texts):
                return self._any([f"EXACT({x},{quoted(text)})" for text in texts])
            case t.TextFind(kind=kind, texts=texts):
                return self._any([self._find(x, kind, text) for text in texts])
            case t.TextCompare(operator=operator, text=text):
                return f'AND(NOT({x}=""),{self._order_to(x, text)}{operator}0)'
            case t.NumberCompare(operator=operator, value=value):
                return f"AND(ISNUMBER({x}),{compared(x, operator, minus(value))})"
            case t.DateCompare(operator=operator, point=point):
                return f"AND(ISNUMBER({x}),{self.date(x, operator, point)})"
            case t.DateAge(low=low, high=high):
                tests = [f"{NOW}-{x}>={low}"] if low is not None else []
                tests += [f"{NOW}-{x}<={high}"] if high is not None else []
                inside = f"AND({','.join(tests)})" if len(tests) > 1 else tests[0]
                return f"IF(ISNUMBER({x}),{inside},FALSE)"
            case t.BooleanIs(value=value):
                return f"AND(ISNUMBER({x}),{x}={int(value)})"
            case _:
                assert_never(condition)

    def _any(self, tests: list[str]) -> str:
        return joined(self._grid, "OR", tests)

    def _find(self, x: str, kind: str, text: str) -> str:
        if not text:
            if kind == "word":
                raise CannotSay("this text has no words to look for")
            return f'NOT({x}="")' if kind != "matches" else "FALSE"
        found = quoted(text)
        match kind:
            case "contains" | "word":
                return f"ISNUMBER(FIND({found},{x}))"
            case "starts":
                return f"EXACT(LEFT({x},LEN({found})),{found})"
            case "ends":
                return f"EXACT(RIGHT({x},LEN({found})),{found})"
            case _:
                return self._matches(x, text)

    def _matches(self, x: str, pattern: str) -> str:
        """A pattern with `*` and `?`: its pieces in their order, each at its first place."""
        parts = pattern.split("*")
        if len(parts) == 1:
            tests = [f"LEN({x})={_size(pattern)}", *_fixed(x, pattern, "1")]
            return f'AND({x}<>"",{",".join(tests)})'
        first, *middle, last = parts
        least = sum(map(len, parts))
        tests = [f'{x}<>""', f"LEN({x})>={least}" if least else "TRUE"]
        _size(pattern)
        if first:
            tests += _fixed(x, first, "1")
        if last:
            tests += _fixed(f"RIGHT({x},{len(last)})", last, "1")
        at = str(len(first) + 1)
        end = ""
        for part in middle:
            if not part:
                continue
            if "?" in part:
                raise CannotSay(
                    "a pattern with ? between two * would need a search that formulas lack"
                )
            found = self._grid.own("place", f"IFERROR(FIND({quoted(part)},{x},{at}),1E+9)")
            at = f"{found}+{len(part)}"
            end = at
        if end:
            tests.append(f"{end}<=LEN({x})-{len(last) - 1}")
        return f"AND({','.join(tests)})"

    def date(self, x: str, operator: t.Operator, point: t.DatePoint) -> str:
        """The instant `x` against a date of the model, which is a whole day without a time."""
        if point.timed:
            return f"{x}{operator}{seconds_of(point.moment, self._zone)}"
        day = point.moment.date()
        start, after = midnight(day, self._zone), end_of_day(day, self._zone)
        match operator:
            case "=":
                return f"AND({x}>={start},{x}<{after})"
            case "<":
                return f"{x}<{start}"
            case "<=":
                return f"{x}<{after}"
            case ">":
                return f"{x}>={after}"
            case ">=":
                return f"{x}>={start}"
            case _:
                assert_never(operator)

    def _compare_fields(self, condition: t.CompareFields) -> str:
        left, right, operator = condition.left, condition.right, condition.operator
        if condition.kind is None:
            (a, b), (c, d), (e, f) = (
                (self.reading(left, letter), self.reading(right, letter)) for letter in "ndt"
            )
            number = compared(a, operator, f"-{b}")
            date, text = f"{c}{operator}{d}", self._texts(e, operator, f)
            return f"IF({_both(a, b)},{number},IF({_both(c, d)},{date},{text}))"
        letter = self._asked.letters(condition, left)
        a, b = self.reading(left, letter), self.reading(right, letter)
        if letter == "t":
            return self._texts(a, operator, b)
        test = compared(a, operator, f"-{b}") if letter == "n" else f"{a}{operator}{b}"
        return f"IF({_both(a, b)},{test},FALSE)"

    # The order of texts is that of code points, which spreadsheets have no comparison for. So the
    # signs of the differences of the letters are the digits of a number, and its sign is that of
    # the first letter that differs.

    def _texts(self, a: str, operator: t.Operator, b: str) -> str:
        """A comparison of two texts; of long ones that begin alike, not available."""
        if operator == "=":
            return f'AND(NOT({a}=""),EXACT({a},{b}))'
        terms = [f"SIGN({_code(a, at)}-{_code(b, at)})" for at in range(1, _LETTERS + 1)]
        order = self._signs(terms)
        long = f"AND({order}=0,LEN({a})>{_LETTERS},LEN({b})>{_LETTERS},NOT(EXACT({a},{b})))"
        sure = self._grid.own("order of texts", f"IF({long},NA(),{order})")
        return f'AND(NOT({a}=""),NOT({b}=""),{sure}{operator}0)'

    def _order_to(self, x: str, text: str) -> str:
        """A number below, at or above 0 as the text of `x` is before, the same as, after `text`."""
        _size(text)
        terms = [f"SIGN({_code(x, at)}-{ord(one)})" for at, one in enumerate(text, 1)]
        return self._signs([*terms, f"IF(LEN({x})>{len(text)},1,0)"])

    def _signs(self, terms: list[str]) -> str:
        """The first of the terms, which are -1, 0 or 1, that is not 0; else 0."""
        while True:
            found = []
            for start in range(0, len(terms), _DIGITS):
                part = terms[start : start + _DIGITS]
                digits = [f"{4 ** (len(part) - at)}*{one}" for at, one in enumerate(part, 1)]
                found.append(self._grid.own("order", f"SIGN({'+'.join(digits)})"))
            if len(found) == 1:
                return found[0]
            terms = found


_DIGITS = 12
_LETTERS = 60
"""Letters by which the texts of two columns are put in order."""


def _code(x: str, at: int) -> str:
    return f"IF(LEN({x})<{at},0,_xlfn.UNICODE(MID({x},{at},1)))"


def _both(a: str, b: str) -> str:
    return f"AND(ISNUMBER({a}),ISNUMBER({b}))"


def _size(pattern: str) -> int:
    if any(character > "\uffff" for character in pattern):
        raise CannotSay("spreadsheets count some signs of this pattern as two")
    return len(pattern)


def _fixed(x: str, part: str, at: str) -> list[str]:
    """That the part, in which `?` is any one character, stands at a place."""
    tests = []
    offset = 0
    for piece in part.split("?"):
        if piece:
            place = f"{at}+{offset}" if offset else at
            tests.append(f"EXACT(MID({x},{place},{len(piece)}),{quoted(piece)})")
        offset += len(piece) + 1
    return tests
