"""Condition that never holds.

## What

No lead can fulfil a condition, or a part of it, whatever its properties and events are: two parts
contradict each other, a guard or the scope of the model rules it out, or a rule counts events
that there cannot be.

## Why

The rule never gives its points, the label is never given, the definition is never true; an
`only when` that never holds leaves no lead at all. Mostly `and` stands where `or` is meant, or a
number was changed in one place only.

## Example

One lead has one country, and so never both:

```score bad
score "Contacts"
group "Company" as fit
  +10 if country is "Germany" and country is "Austria"
```

Customers are left out above:

```score bad
score "Contacts"
only when stage is not "customer"
group "Company" as fit
  +10 if stage is "customer"
```

An event that is counted only after the latest of its own type:

```score bad
score "Contacts"
group "Website" as engagement
  +10 for each "Visit" reset by "Visit"
```

## Remedy

Say `or`, or `is any of`, where one of several is meant; take away what cannot be.

```score good
score "Contacts"
only when stage is not "customer"
group "Company" as fit
  +10 if country is any of "Germany", "Austria"
group "Website" as engagement
  +10 for each "Visit" reset by "Recycled"
```
"""

from __future__ import annotations

from collections.abc import Iterator

from leadscore.diagnostics import Span
from leadscore.lint.rule import Finding, Rule
from leadscore.lint.verdicts import Verdict, takes_nothing, verdicts
from leadscore.lint.view import Role, View
from leadscore.plan import terms as t
from leadscore.syntax import nodes as n

_EFFECT: dict[Role, str] = {
    "rule": "This rule never gives points: its condition never holds",
    "case": "This line is never taken: its condition never holds",
    "rule guard": "This rule never gives points: its `if` never holds",
    "group guard": "This group never gives points: its `if` never holds",
    "label": "No lead gets this label: its `if` never holds",
    "fast track": "No lead takes this fast track: its condition never holds",
    "only when": "No lead has a score: this condition never holds",
    "exclude when": "This excludes nobody: the condition never holds",
    "definition": "This definition never holds",
}


def find(view: View) -> Iterator[Finding]:
    """Conditions, parts of them, patterns of tables, and choices of events that take nothing."""
    for verdict in verdicts(view):
        if not verdict.holds:
            yield Finding(
                verdict.span,
                _EFFECT[verdict.placed.role]
                if verdict.whole
                else "This part of the condition never holds",
                _label(verdict),
                "Perhaps `or`, or `is any of`, is meant?"
                if verdict.notes and verdict.span != verdict.placed.span
                else "Change it, or take it away.",
                verdict.notes,
            )
    said: dict[int, list[Span]] = {}
    for verdict in verdicts(view):
        said.setdefault(verdict.placed.statement.start, []).append(verdict.span)
    for stream in view.streams:
        if takes_nothing(view, stream.term):
            around = said.get(stream.statement.start, ()) if stream.rule is None else ()
            if any(one.start <= stream.span.start < one.end for one in around):
                continue
            where, test = stream.node.where, stream.term.where
            never = where is not None and test is not None and view.prover.never(test)
            yield Finding(
                where.span.shift(stream.statement.start) if where and never else stream.span,
                "This counts no events: there can be none",
                "no event fulfils this" if never else _why(stream.term),
                "Change it, or take it away.",
            )
    for rule in view.rules:
        if isinstance(rule.node, n.ByLine) and not (
            rule.stream is not None and takes_nothing(view, rule.stream)
        ):
            for case in rule.cases:
                if view.prover.never(case.term.condition):
                    yield Finding(
                        case.span,
                        "This line is never taken: there is no such value",
                        "no lead has this",
                        "Change it, or take it away.",
                    )


def _label(verdict: Verdict) -> str:
    if not verdict.notes:
        return "no lead fulfils this"
    if verdict.span == verdict.placed.span:
        return "no lead that can get here fulfils this"
    return "the other: no lead fulfils both"


def _why(stream: t.Stream) -> str:
    if not stream.types.exclude:
        return "each event here ends the counting of those before it, and of itself"
    return "there is no such event"


RULE = Rule("L106", "never-holds", __doc__, find)
