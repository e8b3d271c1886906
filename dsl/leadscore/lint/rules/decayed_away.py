"""Window in which all points have decayed.

## What

A rule counts old events only (`more than … ago`, `between … and … ago`), and its points decay so
fast that nothing is left of them by then. Or the decay takes 0%.

## Why

The rule never gives a point. Decay lowers what an event gives from the event's own day on, also of
events before the window begins.

## Example

After 60 days of `50% every 30 days` nothing is left:

```score bad
score "Contacts"
group "Website" as engagement decay 50% every 30 days
  +5 for each "Visit" more than 90 days ago
```

```score bad
score "Contacts"
group "Website" as engagement
  +5 for each "Visit" decay 0% every 30 days
```

## Remedy

Write `no decay` at the rule, let the points decay more slowly, or begin the window earlier.

```score good
score "Contacts"
group "Website" as engagement decay 50% every 30 days
  +5 for each "Visit" more than 90 days ago no decay
```
"""

from __future__ import annotations

from collections.abc import Iterator

from leadscore.lint.edits import span_in
from leadscore.lint.rule import Finding, Rule
from leadscore.lint.view import RuleView, View
from leadscore.plan import terms as t
from leadscore.plan.reach import life_of
from leadscore.syntax import nodes as n
from leadscore.syntax.document import Statement

_DAY = 86400
_HOUR = 3600


def find(view: View) -> Iterator[Finding]:
    """Rules whose windows begin after the life of their points; decays without an effect."""
    for group in view.groups:
        yield from _idle(group.head, group.node)
        for rule in group.rules:
            if isinstance(rule.node, n.PointsLine):
                yield from _idle(rule.statement, rule.node)
            yield from _late(rule)


def _idle(statement: Statement, node: n.GroupLine | n.PointsLine) -> Iterator[Finding]:
    for modifier in node.modifiers:
        if isinstance(modifier, n.Decay) and modifier.percent.value == 0:
            yield Finding(
                span_in(statement, modifier.span),
                "This decay takes nothing away",
                "0% of the points",
                "Take it away, or write `no decay`.",
            )


def _late(rule: RuleView) -> Iterator[Finding]:
    match rule.term.body:
        case t.EachEvent(decay=t.Decay() as decay, stream=t.Stream(window=t.AgeWindow(low=low))):
            life = life_of(decay)
            node = rule.stream_node
            if low >= life and node is not None and node.window is not None:
                yield Finding(
                    span_in(rule.statement, node.window.span),
                    "This rule never gives points: they have decayed before the window begins",
                    f"nothing is left after {_duration(life)}",
                    "Write `no decay` at the rule, or begin the window earlier.",
                )


def _duration(seconds: int) -> str:
    for unit, name in ((_DAY, "day"), (_HOUR, "hour"), (60, "minute")):
        if seconds % unit == 0 and seconds >= unit:
            count = seconds // unit
            return f"{count} {name}" if count == 1 else f"{count} {name}s"
    return f"{seconds} seconds"


RULE = Rule("L110", "decayed-away", __doc__, find)
