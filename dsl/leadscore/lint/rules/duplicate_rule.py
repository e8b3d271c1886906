"""Rule that stands twice.

## What

Two rules give the same points for the same reason, in groups of the same kind. Both count, so a
lead gets the points twice.

## Why

The file says +20 in two places, and the lead gets +40. Mostly a line was copied and then not
changed.

## Example

```score bad
score "Contacts"
group "Company" as fit
  +20 if industry is any of "SaaS", "Software"
  +10 if employees >= 50
  +20 if industry is any of "software", "SaaS"
```

## Remedy

Take one away. If the points shall be higher, say so in one line.

```score good
score "Contacts"
group "Company" as fit
  +40 if industry is any of "SaaS", "Software"
  +10 if employees >= 50
```
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator

from leadscore.diagnostics import Fix, Note
from leadscore.lint.edits import whole, without
from leadscore.lint.rule import Finding, Rule
from leadscore.lint.same import body_key, condition_key
from leadscore.lint.view import RuleView, View


def find(view: View) -> Iterator[Finding]:
    """Rules with the body, guard and limit of an earlier one, in groups of one category."""
    seen: dict[Hashable, RuleView] = {}
    for rule in view.rules:
        key = (
            rule.group_term.category,
            condition_key(rule.group_term.guard),
            condition_key(rule.term.guard),
            body_key(rule.term.body),
            rule.term.limit,
        )
        first = seen.setdefault(key, rule)
        if first is not rule:
            yield Finding(
                rule.statement.span,
                "This rule stands twice, and both count",
                "the second one",
                "Take one of them away.",
                (Note(first.statement.span, "the first one"),),
                (Fix("Take this one away", (without(view.source, whole(rule.block)),)),),
            )


RULE = Rule("L201", "duplicate-rule", __doc__, find, fix="unsafe")
