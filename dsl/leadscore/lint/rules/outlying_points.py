"""Points far outside of all others.

## What

One rule gives at least twenty times the points of any other rule of its category, no limit holds
it, and it is more than ten times the highest threshold of the labels, so that the extra digits
change nothing. (Without labels: a hundred times any other rule.) Rules that lower the score are
left alone: a large penalty that rules a lead out is common.

## Why

It is what a slip of the hand looks like: `+1500` for `+15` or `+150`. A lead that such a rule fires
for is at the top of the list, whatever else is known of it, for ever.

## Example

```score bad
score "Contacts"
group "Engagement" as engagement
  +2  for each "Email open"
  +5  for each "Email click"
  +3  for each "Page view"
  +10 for each "Webinar"
  +8  for each "Form"
  +1500 for each "Demo request"
labels
  "Hot"  from 70
  "Cold" below 70
```

## Remedy

Mend the number. If the rule is to qualify a lead at once, points as high as the highest threshold
are enough, or a `fast track` says it better.

```score good
score "Contacts"
group "Engagement" as engagement
  +2  for each "Email open"
  +5  for each "Email click"
  +3  for each "Page view"
  +10 for each "Webinar"
  +8  for each "Form"
  +100 once for "Demo request"
labels
  "Hot"  from 70
  "Cold" below 70
```
"""

from __future__ import annotations

from collections.abc import Iterator

from leadscore.diagnostics import Span
from leadscore.lint.rule import Finding, Rule
from leadscore.lint.view import RuleView, View
from leadscore.plan import terms as t
from leadscore.syntax import nodes as n
from leadscore.values.units import decimal_text

_OTHERS = 5
"""Rules that a category has beside the one that stands out; of fewer, none stands out."""
_TIMES, _TIMES_ALONE = 20, 100
"""Times the points of the largest other rule; the second without any threshold."""
_TIMES_THRESHOLD = 10


def find(view: View) -> Iterator[Finding]:
    """At most one rule of each category: its largest."""
    by_category: dict[t.Category | None, list[tuple[int, RuleView]]] = {}
    for rule in view.rules:
        most = max((abs(points) for points, _ in _points(rule)), default=0)
        if most:
            by_category.setdefault(rule.group_term.category, []).append((most, rule))
    for category, sizes in by_category.items():
        if len(sizes) <= _OTHERS:
            continue
        sizes.sort(key=lambda pair: pair[0], reverse=True)
        (most, rule), (next_most, _) = sizes[:2]
        points, span = max(_points(rule), key=lambda pair: abs(pair[0]))
        threshold = _highest_threshold(view.plan, category)
        if threshold is None:
            outlying = most >= _TIMES_ALONE * next_most
        else:
            outlying = most >= _TIMES * next_most and most > _TIMES_THRESHOLD * threshold
        if outlying and points > 0 and not _limited(view.plan, rule, points):
            yield Finding(
                span,
                f"These points are {most // next_most:,} times those of any other rule",
                "far more than all others",
                f"The next largest rule gives {decimal_text(next_most)}. "
                "Is there a digit too many?",
            )


def _points(rule: RuleView) -> list[tuple[int, Span]]:
    """The points that a rule can give at a time, in units, each with its place."""
    node, start = rule.node, rule.statement.start
    match rule.term.body:
        case t.EachEvent(points=points):
            if isinstance(node, n.PointsLine):
                spans = [number.span.shift(start) for number in node.points]
                return list(zip(points, spans, strict=True))
        case t.EachAmount(points=one) | t.EachElapsed(points=one):
            if isinstance(node, n.PointsLine):
                return [(one, node.points[0].span.shift(start))]
        case t.Choice(cases=cases):
            if isinstance(node, n.PointsLine):
                return [(cases[0].points, node.points[0].span.shift(start))]
            found = []
            for case in rule.cases:
                line = case.statement.node
                if isinstance(line, n.CaseLine | n.FirstCaseLine):
                    found.append((case.term.points, line.points.span.shift(case.statement.start)))
            return found
    return []


def _highest_threshold(plan: t.Plan, category: t.Category | None) -> int | None:
    """The highest `from` that the points of a category can be meant to reach."""
    targets = {"score", category}
    bounds = [
        bound
        for _, labels in plan.labels
        for label in labels
        for bound in label.bounds
        if bound.target in targets
    ]
    for axis in plan.matrix or ():
        if axis.category in targets:
            bounds += [bound for step in axis.steps for bound in step.bounds]
    found = [abs(end) for bound in bounds for end in (bound.low, bound.high) if end]
    return max(found, default=None)


def _limited(plan: t.Plan, rule: RuleView, points: int) -> bool:
    """Whether a ceiling cuts the points off: then they say `as many as there can be`."""
    limits = dict(plan.limits)
    category = rule.group_term.category
    of_category = limits.get(category) if category is not None else None
    ceilings = (rule.term.limit, rule.group_term.limit, of_category, limits.get("score"))
    return any(one is not None and one.high is not None and one.high < points for one in ceilings)


RULE = Rule("L601", "outlying-points", __doc__, find, level="info")
