"""Definition that nothing uses.

## What

A `define` names a condition, and no rule, guard, label, scope or fast track uses the name; or only
definitions do that are not used themselves.

## Why

It changes no score. Whoever reads or changes it believes that it does.

## Example

```score bad
score "Contacts"
define senior as job_title contains any of the words "VP", "Director"
group "Company" as fit
  +10 if job_title contains the word "Chief"
```

## Remedy

Use the definition, or take it away.

```score good
score "Contacts"
define senior as job_title contains any of the words "VP", "Director"
group "Company" as fit
  +10 if senior
```
"""

from __future__ import annotations

from collections.abc import Iterator

from leadscore.analysis.statements import facts_of
from leadscore.diagnostics import Fix
from leadscore.lint.edits import without
from leadscore.lint.rule import Finding, Rule
from leadscore.lint.rules.definition_as_property import misread
from leadscore.lint.view import View


def find(view: View) -> Iterator[Finding]:
    """Definitions that the plan does not have. One that another uses goes after that one.

    One that is compared as if it were a property is meant to be used: L405 says how.
    """
    definitions = view.symbols.definitions
    meant = misread(view)
    used = {
        name.key
        for statement, _ in definitions.values()
        for name in facts_of(statement.parsed).references
    }
    for key, (statement, node) in definitions.items():
        if key not in view.definitions and key not in meant:
            fix = Fix("Take it away", (without(view.source, statement.span),))
            yield Finding(
                node.name.span.shift(statement.start),
                f"Nothing uses the definition `{node.name.text}`",
                "not used",
                "Use it, or take it away.",
                fixes=() if key in used else (fix,),
            )


RULE = Rule("L203", "unused-definition", __doc__, find, fix="unsafe")
