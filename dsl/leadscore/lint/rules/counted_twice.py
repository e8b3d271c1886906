"""Values for which two rules give the same points.

## What

Two rules of a group give the same points for a text of one property, and whenever the one holds,
the other does too. A lead of the narrower one gets the points of both.

## Why

It can be meant: +10, and +10 more for some. But often a list was extended in one line, and the old
line was left standing.

## Example

```score bad
score "Contacts"
group "Company" as fit
  +10 if industry is any of "SaaS", "Software", "Games"
  +10 if industry is "SaaS"
```

## Remedy

Take the narrower rule away. If both shall count, a table says so plainly.

```score good
score "Contacts"
group "Company" as fit
  by industry
    "SaaS":              +20
    "Software", "Games": +10
```
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator

from leadscore.diagnostics import Fix, Note
from leadscore.lint.edits import whole, without
from leadscore.lint.rule import Finding, Rule
from leadscore.lint.same import condition_key
from leadscore.lint.view import RuleView, View
from leadscore.plan import terms as t

_COMPARED = 20
"""Rules of one property and the same points that each is compared with."""


def find(view: View) -> Iterator[Finding]:
    """Pairs of `if` rules on texts of one property, where the one implies the other."""
    for group in view.groups:
        alike: dict[Hashable, list[tuple[RuleView, t.Condition]]] = {}
        for rule in group.rules:
            condition = _condition(rule)
            if not isinstance(condition, t.TextIs | t.TextFind):
                continue
            if view.prover.never(condition):
                continue  # a finding of its own
            points = rule.term.body.cases[0].points if isinstance(rule.term.body, t.Choice) else 0
            others = alike.setdefault((condition.operand, points, rule.term.limit), [])
            for other, wider in others[-_COMPARED:]:
                if condition_key(condition) == condition_key(wider):
                    break  # that is a rule that stands twice
                narrow, wide = rule, other
                if not view.prover.implies(condition, wider):
                    if not view.prover.implies(wider, condition):
                        continue
                    narrow, wide = other, rule
                yield Finding(
                    narrow.statement.span,
                    "Leads of this rule get the points of another one, too",
                    "the narrower one",
                    "If the points shall count once, take this rule away.",
                    (Note(wide.statement.span, "holds whenever the narrower one does"),),
                    (Fix("Take the narrower away", (without(view.source, whole(narrow.block)),)),),
                )
                break
            others.append((rule, condition))


def _condition(rule: RuleView) -> t.Condition | None:
    match rule.term.body:
        case t.Choice(cases=(case,)) if not rule.cases:
            return case.condition
        case _:
            return None


RULE = Rule("L202", "counted-twice", __doc__, find, level="info", fix="unsafe")
