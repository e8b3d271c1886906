"""Leads without a value get points.

## What

A rule gives points for what a property is not. `is not`, `is none of`, `does not contain`, `!=`
and `not (…)` also hold where the property is unknown, and nothing else is asked.

## Why

A lead of which nothing is known gets the points of one who is known to be no competitor, student or
the like.

## Example

```score bad
score "Contacts"
group "Company" as fit
  +10 if country is not "US"
```

## Remedy

Ask for a value, too. Where leads without a value shall have the points, add `or country is unknown`
to say so.

```score good
score "Contacts"
group "Company" as fit
  +10 if country is known and country is not "US"
```
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from leadscore.diagnostics import Edit, Fix, Span
from leadscore.lint import spelling
from leadscore.lint.rule import Finding, Rule
from leadscore.lint.view import Placed, RuleView, View
from leadscore.plan import terms as t
from leadscore.syntax import nodes as n

_DEPTH = 10
"""Definitions inside of definitions that are looked into."""


@dataclass(frozen=True, slots=True)
class _Line:
    """A rule with `if`, or a line of a table: where it starts, and what it gives."""

    start: int
    points: int
    rule: RuleView
    place: int


def find(view: View) -> Iterator[Finding]:
    """Conditions of points above 0 that are nothing but negated comparisons of properties."""
    lines = {line.start: line for rule in view.rules for line in _lines(rule)}
    names = {spec.key: spelling.name(spec.name) for spec in view.plan.properties}
    for placed in view.conditions:
        line = lines.get(placed.statement.start)
        if placed.role not in ("rule", "case") or line is None or line.points <= 0:
            continue
        items = placed.term.items if isinstance(placed.term, t.AllOf) else (placed.term,)
        keys: list[str] = []
        for item in items:
            found = _denied(view, item)
            if not found:
                break
            keys += found
        else:
            keys = [key for key in dict.fromkeys(keys) if not _is_known(view, line, key)]
            if not keys:
                continue
            known = " and ".join(f"{names[key]} is known" for key in keys)
            yield Finding(
                placed.span,
                "Leads of which this is not known get these points, too",
                "also holds where there is no value",
                f"Write `{known} and …`, if only known values shall count.",
                fixes=tuple(_asking(placed, known)),
            )


def _lines(rule: RuleView) -> Iterator[_Line]:
    if rule.cases:
        for place, case in enumerate(rule.cases):
            yield _Line(case.statement.start, case.term.points, rule, place)
    elif isinstance(rule.term.body, t.Choice):
        yield _Line(rule.statement.start, rule.term.body.cases[0].points, rule, 0)


def _denied(view: View, term: t.Condition) -> list[str]:
    """The properties that a condition compares, if it holds where they are unknown; else none."""
    if not isinstance(term, t.Not):
        return []
    return _compared(view, term.item, _DEPTH)


def _compared(view: View, term: t.Condition, depth: int) -> list[str]:
    """The properties of comparisons with texts, numbers and dates, and nothing else."""
    match term:
        case t.Defined(key=key) if depth and key in view.definitions:
            return _compared(view, view.definitions[key][2], depth - 1)
        case t.AnyOf(items=items):
            found = [_compared(view, item, depth) for item in items[:_DEPTH]]
            if len(items) > _DEPTH or not all(found):
                return []
            return [key for keys in found for key in keys]
        case (
            t.TextIs(operand=t.Property(key=key))
            | t.TextFind(operand=t.Property(key=key))
            | t.TextCompare(operand=t.Property(key=key))
            | t.NumberCompare(operand=t.Property(key=key))
            | t.DateCompare(operand=t.Property(key=key))
        ):
            return [key]
        case _:  # `is not yes` means: no, or not said
            return []


def _is_known(view: View, line: _Line, key: str) -> bool:
    """Whether the scope, an `if` or a line above keeps leads away that lack a property."""
    prover, known = view.prover, t.Known(t.Property(key))
    held = [
        t.Not(scope.condition) if scope.excludes else scope.condition
        for scope in view.plan.scope[:_DEPTH]
    ]
    held += [guard for guard in (line.rule.group_term.guard, line.rule.term.guard) if guard]
    if any(prover.implies(condition, known) for condition in held):
        return True
    above = [case.term.condition for case in line.rule.cases[: line.place]]
    return bool(above) and prover.covered(t.Not(known), above)


def _asking(placed: Placed, known: str) -> Iterator[Fix]:
    if not isinstance(placed.node, n.Either):
        start = placed.span.start
        yield Fix(f"Write `{known}`", (Edit(Span(start, start), f"{known} and "),))


RULE = Rule("L305", "unknown-gets-points", __doc__, find, level="info", fix="unsafe")
