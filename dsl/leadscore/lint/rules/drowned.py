"""Points that a limit swallows.

## What

A limit makes points mean nothing: a single line gives more than the rule's own limit lets through,
a rule gives the same for every lead, or the other rules of its group fill the limit of the group
alone, always.

## Why

The points stand in the file and never count as they stand. Whoever raises them waits in vain for a
score to change.

## Example

```score bad
score "Contacts"
group "Company" as fit
  by employees limit 10
    1 to 49: +5
    >= 50:   +20
```

```score bad
score "Contacts"
group "Company" as fit limit 20
  +20 always
  +10 if industry is "SaaS"
```

## Remedy

Lower the points, raise the limit, or take away what does not count.

```score good
score "Contacts"
group "Company" as fit limit 20
  by employees limit 10
    1 to 49: +5
    >= 50:   +10
  +10 if industry is "SaaS"
```
"""

from __future__ import annotations

from collections.abc import Iterator

from leadscore.diagnostics import Span
from leadscore.lint.edits import span_in
from leadscore.lint.rule import Finding, Rule
from leadscore.lint.sums import Sums, sums_of
from leadscore.lint.view import GroupView, RuleView, View
from leadscore.plan import terms as t
from leadscore.plan.bounds import Interval
from leadscore.syntax import nodes as n
from leadscore.values.units import decimal_text


def find(view: View) -> Iterator[Finding]:
    """Points past their rule's limit, rules that are always the same, rules in full groups."""
    sums = sums_of(view)
    for at, group in enumerate(view.groups):
        full = frozenset(_swallowed(group, sums, at))
        for place, rule in enumerate(group.rules):
            before, after = sums.bodies[at][place], sums.given[at][place]
            limit = rule.term.limit
            if place in full:
                assert group.term.limit is not None
                yield Finding(
                    rule.statement.span,
                    "These points change nothing: the group is always at its limit without them",
                    f"the limit of the group is {_shown(group.term.limit)}",
                    "Raise the limit, or take the rule away.",
                )
            elif limit is None:
                continue
            elif after.low is not None and after.low == after.high and before != after:
                yield Finding(
                    _limit_span(rule),
                    f"This rule always gives {decimal_text(after.low)}",
                    "the limit leaves nothing else",
                    "Change the limit, or write `always` if that is meant.",
                )
            else:
                yield from _past(rule, limit)


def _swallowed(group: GroupView, sums: Sums, at: int) -> Iterator[int]:
    """The rules without which the group's sum, after its limit, would always be the same."""
    limit = group.term.limit
    if limit is None:
        return
    rules = sums.rules[at]
    low, high = _sum([rule.low for rule in rules]), _sum([rule.high for rule in rules])
    for place, rule in enumerate(rules):
        if rule != Interval(0, 0) and (
            _fills(limit.high, low, rule.low)
            or _fills(_negated(limit.low), _negated(high), _negated(rule.high))
        ):
            yield place


def _fills(ceiling: int | None, total: int | None, own: int | None) -> bool:
    """Whether sums are at a ceiling without a rule that adds at least `own`, 0 or more.

    `total` is the least that all rules together give.
    """
    if ceiling is None or total is None or own is None:
        return False
    return own >= 0 and total - own >= ceiling


def _negated(value: int | None) -> int | None:
    return None if value is None else -value


def _sum(ends: list[int | None]) -> int | None:
    total = 0
    for end in ends:
        if end is None:
            return None
        total += end
    return total


def _past(rule: RuleView, limit: t.Limit) -> Iterator[Finding]:
    """Single points beyond the rule's own limit."""
    places: list[tuple[Span, int]] = []
    match rule.term.body:
        case t.Choice(cases=cases) if rule.cases:
            for view, case in zip(rule.cases, cases, strict=True):
                node = view.statement.node
                assert isinstance(node, n.CaseLine | n.FirstCaseLine)
                places.append((span_in(view.statement, node.points.span), case.points))
        case t.EachEvent(points=(_, _, *_)) | t.EachEvent(decay=t.Decay()):
            return  # what comes later, or has faded, can count within the limit
        case _:
            node = rule.node
            if isinstance(node, n.PointsLine):
                places.append((span_in(rule.statement, node.points[0].span), _single(rule.term)))
    for span, points in places:
        if limit.high is not None and points > max(limit.high, 0):
            bound = f"the rule gives at most {decimal_text(limit.high)}"
        elif limit.low is not None and points < min(limit.low, 0):
            bound = f"the rule gives at least {decimal_text(limit.low)}"
        else:
            continue
        yield Finding(
            span,
            "These points never count in full",
            bound,
            "Lower the points, or raise the limit.",
        )


def _single(rule: t.Rule) -> int:
    match rule.body:
        case t.Choice(cases=(case, *_)):
            return case.points
        case t.EachEvent(points=(points, *_)):
            return points
        case t.EachAmount(points=points) | t.EachElapsed(points=points):
            return points
        case _:
            return 0


def _limit_span(rule: RuleView) -> Span:
    for modifier in rule.node.modifiers:
        if isinstance(modifier, n.LimitModifier):
            return span_in(rule.statement, modifier.span)
    return rule.statement.span


def _shown(limit: t.Limit) -> str:
    ends = [decimal_text(end) for end in (limit.low, limit.high) if end is not None]
    return " to ".join(ends)


RULE = Rule("L105", "drowned-points", __doc__, find)
