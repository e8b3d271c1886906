"""Gap between the ranges of a table.

## What

Two neighbouring ranges of a table give points of the same sign, and between them lie numbers that
neither takes. They fall through and give nothing. Ranges of whole numbers abut: `1 to 10` and
`11 to 50` leave no gap, but for averages, which can be 10.5.

## Why

Leads just between two ranges get less than those on either side. Nobody means that.

## Example

Nobody takes the 50:

```score bad
score "Contacts"
group "Company" as fit
  by employees
    10 to 49:  +5
    51 to 200: +10
```

An average of 2.5 is in neither range:

```score bad
score "Contacts"
group "Website" as engagement
  by average of rating in "Survey"
    1 to 2: +2
    3 to 5: +5
```

## Remedy

Let the ranges abut; with `<` nothing can lie between. `otherwise: 0` says that the gap is meant.

```score good
score "Contacts"
group "Company" as fit
  by employees
    10 to 49:  +5
    50 to 200: +10
group "Website" as engagement
  by average of rating in "Survey"
    < 3:  +2
    >= 3: +5
```
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from leadscore.diagnostics import Note
from leadscore.lint.rule import Finding, Rule
from leadscore.lint.view import CaseView, RuleView, View
from leadscore.syntax import nodes as n


@dataclass(frozen=True, slots=True)
class _Range:
    low: Decimal | None
    high: Decimal | None
    includes_low: bool
    includes_high: bool
    case: CaseView


_MOST_DECIMALS = 9


def find(view: View) -> Iterator[Finding]:
    """Holes between two ranges of points of the same sign, in tables without `otherwise`."""
    for rule in view.rules:
        ranges = _ranges(rule)
        if ranges is None:
            continue
        node = rule.node
        assert isinstance(node, n.ByLine)
        average = isinstance(node.subject, n.Aggregate) and node.subject.kind == "average"
        yield from _holes(ranges, None if average else _step(ranges))


def _ranges(rule: RuleView) -> list[_Range] | None:
    """The ranges of a table of numbers, from the lowest up; None where all else is taken."""
    if not isinstance(rule.node, n.ByLine):
        return None
    found = []
    for case in rule.cases:
        line = case.statement.node
        assert isinstance(line, n.CaseLine)
        match line.pattern:
            case n.RangePattern(low=low, high=high):
                found.append(_Range(low.value, high.value, True, True, case))
            case n.ComparePattern(operator="<" | "<=" as sign, value=n.Number(value=value)):
                found.append(_Range(None, value, False, sign == "<=", case))
            case n.ComparePattern(operator=">" | ">=" as sign, value=n.Number(value=value)):
                found.append(_Range(value, None, sign == ">=", False, case))
            case n.ComparePattern(operator="=", value=n.Number(value=value)):
                found.append(_Range(value, value, True, True, case))
            case n.UnknownPattern():
                pass
            case _:
                return None
    found.sort(key=lambda r: (r.low is not None, r.low or 0, not r.includes_low))
    return found


def _step(ranges: list[_Range]) -> Decimal | None:
    """One of the last decimal that the table uses; None where that is too fine to matter."""
    ends = [end for r in ranges for end in (r.low, r.high) if end is not None]
    decimals = 0
    for end in ends:
        exponent = end.normalize().as_tuple().exponent
        assert isinstance(exponent, int)
        decimals = max(decimals, -exponent)
    return Decimal(1).scaleb(-decimals) if decimals <= _MOST_DECIMALS else None


def _holes(ranges: list[_Range], step: Decimal | None) -> Iterator[Finding]:
    last: _Range | None = None
    for this in ranges:
        if last is not None and last.high is None:
            return
        if last is not None and last.high is not None and this.low is not None:
            shown = _hole(last.high, last.includes_high, this.low, this.includes_low, step)
            if shown and last.case.term.points * this.case.term.points > 0:
                yield Finding(
                    this.case.span,
                    f"Between these ranges, {shown}",
                    f"begins {'at' if this.includes_low else 'above'} {this.low:f}",
                    "Let the ranges abut, or write `otherwise: 0` if the gap is meant.",
                    (
                        Note(
                            last.case.span,
                            f"ends {'at' if last.includes_high else 'below'} {last.high:f}",
                        ),
                    ),
                )
        if last is None or _ends_later(this, last):
            last = this


def _ends_later(one: _Range, other: _Range) -> bool:
    if one.high is None or other.high is None:
        return one.high is None
    return (one.high, one.includes_high) > (other.high, other.includes_high)


def _hole(
    end: Decimal, ends_included: bool, begin: Decimal, begins_included: bool, step: Decimal | None
) -> str:
    """What falls through between two ranges, in words; empty where nothing does."""
    if begin < end:
        return ""
    if begin == end:
        return "" if ends_included or begins_included else f"{end:f} gives nothing"
    if step is None:
        return f"what is above {end:f} and below {begin:f} gives nothing"
    first = end + step if ends_included else end
    last = begin - step if begins_included else begin
    if first > last:
        return ""
    return f"{first:f} gives nothing" if first == last else f"{first:f} to {last:f} give nothing"


RULE = Rule("L109", "gap-in-ranges", __doc__, find)
