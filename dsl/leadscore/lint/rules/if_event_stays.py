"""Points for an event that neither decay nor are reset.

## What

A group has `decay` or `reset by`, and one of its rules gives points by `if event …`, without a
window of time, or by a table of a count in a group with decay. Conditions and tables do not decay,
and conditions are not reset: such points stay forever.

## Why

The head of the group reads as if it held for all of the group. The score of a lead who did
something years ago never gets down to zero.

## Example

```score bad
score "Contacts"
group "Website" as engagement decay 50% every 30 days
  +5 for each "Visit"
  +10 if event "Demo request"
```

```score bad
score "Contacts"
group "Website" as engagement reset by "Recycled"
  +5 for each "Visit"
  +10 if event "Demo request"
```

## Remedy

`once for` gives points for the latest event, decays and is reset. Or give the condition a window
(`in the last 30 days`, `since "Recycled"`). Points that shall stay belong into a group of their
own.

```score good
score "Contacts"
group "Website" as engagement decay 50% every 30 days reset by "Recycled"
  +5 for each "Visit"
  +10 once for "Demo request"
```
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from leadscore.diagnostics import Edit, Fix, Span
from leadscore.lint.edits import span_in
from leadscore.lint.rule import Finding, Rule
from leadscore.lint.view import GroupView, RuleView, View
from leadscore.syntax import nodes as n
from leadscore.syntax.walk import walk


def find(view: View) -> Iterator[Finding]:
    """Events without a window, in rules with points above 0 that the group's modifier passes by."""
    for group in view.groups:
        decay = any(isinstance(modifier, n.Decay) for modifier in group.node.modifiers)
        reset = next((m for m in group.node.modifiers if isinstance(m, n.ResetBy)), None)
        if not decay and reset is None:
            continue
        for rule in group.rules:
            yield from _of(group, rule, decay, reset)


def _of(
    group: GroupView, rule: RuleView, decay: bool, reset: n.ResetBy | None
) -> Iterator[Finding]:
    if decay and reset is not None:
        what = "neither decay nor are reset"
    else:
        what = "do not decay" if decay else "are not reset"
    match rule.node:
        case n.PointsLine(trigger=n.When(condition=condition), points=(points,)):
            event = _lasting(condition)
            if event is not None and points.value > 0:
                yield Finding(
                    span_in(rule.statement, event.span),
                    f"These points {what} with the group",
                    "a condition",
                    _hint(reset),
                    fixes=tuple(_once(rule, condition)),
                )
        case n.FirstOfLine():
            for case in rule.cases:
                line = case.statement.node
                if isinstance(line, n.FirstCaseLine) and line.condition and line.points.value > 0:
                    event = _lasting(line.condition)
                    if event is not None:
                        yield Finding(
                            span_in(case.statement, event.span),
                            f"These points {what} with the group",
                            "a condition",
                            _hint(reset),
                        )
        case n.ByLine(subject=n.CountOf(stream=stream)) if decay and stream.window is None:
            if any(case.term.points > 0 for case in rule.cases):
                yield Finding(
                    span_in(rule.statement, stream.span),
                    "These points do not decay with the group",
                    "a table",
                    "Give it a window, such as `in the last 90 days`.",
                )


def _hint(reset: n.ResetBy | None) -> str:
    since = "in the last 90 days" if reset is None else f'since "{reset.texts[0].value}"'
    return f"Write `once for`, or give it a window, such as `{since}`."


def _lasting(condition: n.Condition) -> n.EventTest | None:
    """An event that makes a condition true forever, once it was there; None where none does."""
    match condition:
        case n.Parentheses(item=item):
            return _lasting(item)
        case n.AllOf(items=items):
            events = [node for node in walk(condition) if isinstance(node, n.EventTest)]
            if any(event.window is not None or event.negated for event in events):
                return None
            return next((found for item in items if (found := _lasting(item))), None)
        case n.Either(items=items):
            return next((found for item in items if (found := _lasting(item))), None)
        case n.EventTest(negated=False, window=None, frequency=frequency):
            return condition if frequency is None or frequency.high is None else None
        case _:
            return None


def _once(rule: RuleView, condition: n.Condition) -> Iterator[Fix]:
    """`once for`, where the condition is one event."""
    match rule.node, condition:
        case n.PointsLine(trigger=trigger), n.EventTest(kinds=kinds, frequency=None):
            text = "once for "
            if kinds is not None:  # of `event "Visit"` the types stay, and all of `any event …`
                end = condition.span.start if kinds.any else kinds.span.start
            else:
                said = _ANY.match(rule.statement.parsed.text, condition.span.start)
                assert said is not None
                text, end = "once for any event", said.end()
            edit = Edit(span_in(rule.statement, Span(trigger.span.start, end)), text)
            yield Fix("Write `once for`", (edit,))


_ANY = re.compile(r"(any\s+)?event")

RULE = Rule("L301", "if-event-stays", __doc__, find, fix="unsafe")
