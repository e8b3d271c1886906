"""Limit that never comes into play.

## What

A limit stands where the points, all together, never get to it: a ceiling above the most that there
can be, a floor below the least. A limit at exactly the most, or the least, is left alone: it says
how much there is to get, and that nothing goes below zero.

## Why

The limit changes no score. Whoever reads it believes that points are lost there, or that they can
fall that low. Mostly rules were taken away, or points were made smaller.

## Example

```score bad
score "Contacts"
limit at least -10
group "Company" as fit limit 60
  +25 if industry is "SaaS"
  +20 if employees >= 50
```

## Remedy

Take the limit away, or set it where it matters.

```score good
score "Contacts"
group "Company" as fit limit 40
  +25 if industry is "SaaS"
  +20 if employees >= 50
  -10 if email ends with "@gmail.com"
```
"""

from __future__ import annotations

from collections.abc import Iterator

from leadscore.diagnostics import Edit, Fix
from leadscore.lint.edits import span_in, without, without_modifier
from leadscore.lint.rule import Finding, Rule
from leadscore.lint.sums import sums_of
from leadscore.lint.view import View
from leadscore.plan import terms as t
from leadscore.plan.bounds import Interval
from leadscore.syntax import nodes as n
from leadscore.syntax.document import Statement
from leadscore.values.units import decimal_text


def find(view: View) -> Iterator[Finding]:
    """Limits of rules, groups, categories and the score that no sum gets to."""
    sums = sums_of(view)
    for target, limit in view.plan.limits:
        statement, node = view.symbols.limits[target]
        if _idle(limit, sums.targets[target]):
            edit = without(view.source, statement.span)
            yield _finding(statement, node, limit, sums.targets[target], edit)
    for at, group in enumerate(view.groups):
        if group.term.limit is not None and _idle(group.term.limit, sums.groups[at]):
            yield from _modifier(view, group.head, group.term.limit, sums.groups[at])
        for rule, before in zip(group.rules, sums.bodies[at], strict=True):
            if rule.term.limit is not None and _idle(rule.term.limit, before):
                yield from _modifier(view, rule.statement, rule.term.limit, before)


def _idle(limit: t.Limit, sums: Interval) -> bool:
    over = limit.high is None or (sums.high is not None and sums.high < limit.high)
    under = limit.low is None or (sums.low is not None and sums.low > limit.low)
    return over and under


def _modifier(
    view: View, statement: Statement, limit: t.Limit, sums: Interval
) -> Iterator[Finding]:
    node = statement.node
    if isinstance(node, n.GroupLine | n.PointsLine | n.FirstOfLine | n.ByLine):
        for modifier in node.modifiers:
            if isinstance(modifier, n.LimitModifier):
                edit = without_modifier(view.source, span_in(statement, modifier.span))
                yield _finding(statement, modifier, limit, sums, edit)


def _finding(
    statement: Statement,
    node: n.LimitLine | n.LimitModifier,
    limit: t.Limit,
    sums: Interval,
    edit: Edit,
) -> Finding:
    labels = []
    if limit.low is not None and sums.low is not None:
        labels.append(f"never below {decimal_text(sums.low)}")
    if limit.high is not None and sums.high is not None:
        labels.append(f"never above {decimal_text(sums.high)}")
    return Finding(
        span_in(statement, node.span),
        "This limit never comes into play",
        "without it, " + " and ".join(labels),
        "Take it away, or set it where it matters.",
        fixes=(Fix("Take the limit away", (edit,)),),
    )


RULE = Rule("L104", "idle-limit", __doc__, find, level="info", fix="unsafe")
