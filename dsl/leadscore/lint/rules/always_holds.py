"""Condition that always holds.

## What

Every lead fulfils a condition, or a part of it, whatever its properties and events are.

## Why

A rule with it gives its points to everybody, and an `exclude when` with it leaves no lead at all.
Mostly `or` stands between two `is not`: whatever the country is, it is not one of the two.

## Example

```score bad
score "Contacts"
group "Company" as fit
  +10 if country is not "Germany" or country is not "Austria"
```

```score bad
score "Contacts"
group "Website" as engagement
  +10 if event "Visit" at least 0 times
```

## Remedy

With `is none of` the condition says what is meant. Points that all shall have are given by
`always`.

```score good
score "Contacts"
group "Company" as fit
  +10 if country is known and country is none of "Germany", "Austria"
group "Website" as engagement
  +10 always
```
"""

from __future__ import annotations

from collections.abc import Iterator

from leadscore.lint.rule import Finding, Rule
from leadscore.lint.verdicts import verdicts
from leadscore.lint.view import Role, View
from leadscore.plan import terms as t

_EFFECT: dict[Role, str] = {
    "rule": "Every lead gets these points: the condition always holds",
    "case": "This line takes every lead that is left: its condition always holds",
    "rule guard": "This `if` always holds",
    "group guard": "This `if` always holds",
    "label": "This `if` always holds",
    "fast track": "Every lead takes this fast track: its condition always holds",
    "only when": "This keeps nobody out: the condition always holds",
    "exclude when": "Every lead is excluded: this condition always holds",
    "definition": "This definition always holds",
}


def find(view: View) -> Iterator[Finding]:
    """Conditions, and parts of them, that every lead fulfils."""
    for verdict in verdicts(view):
        if verdict.holds:
            yield Finding(
                verdict.span,
                _EFFECT[verdict.placed.role]
                if verdict.whole
                else "This part of the condition always holds",
                "the other: every lead fulfils one of them"
                if verdict.notes
                else "every lead fulfils this",
                "Perhaps `and`, or `is none of`, is meant?"
                if isinstance(verdict.placed.term, t.AnyOf) and verdict.notes
                else "Change it, or take it away.",
                verdict.notes,
            )
    for stream in view.streams:
        where = stream.node.where
        if where is None or stream.term.where is None:
            continue
        if view.prover.always(stream.term.where):
            yield Finding(
                where.span.shift(stream.statement.start),
                "This `where` always holds",
                "every event fulfils this",
                "Change it, or take it away.",
            )


RULE = Rule("L107", "always-holds", __doc__, find)
