"""Test that gives something that is nearly what the rules read.

## What

A test states a property, an event, an attribute or a list that no rule reads, and the rules read
one that is the same but for a letter or two, or an ending.

## Why

What is stated has no effect, so the test does not test what it says.

## Example

```score bad
score "Contacts"
group "Company" as fit
  +20 if industry is "SaaS"
test "no points for shops" as of 2026-01-31
  given industy = "Retail"
  expect score = 0
```

```score bad
score "Contacts"
group "Engagement" as engagement
  +5 for each "Page view" where url contains "/pricing"
test "other pages give nothing" as of 2026-01-31
  event "Page views" 3 days ago with url = "/jobs"
  expect score = 0
```

## Remedy

Write the name as the rules have it.

```score good
score "Contacts"
group "Company" as fit
  +20 if industry is "SaaS"
test "no points for shops" as of 2026-01-31
  given industry = "Retail"
  expect score = 0
```
"""

from __future__ import annotations

from collections.abc import Iterator

from leadscore.diagnostics import Edit, Fix
from leadscore.lint import spelling
from leadscore.lint.given import unread_givens
from leadscore.lint.rule import Finding, Rule
from leadscore.lint.view import View


def find(view: View) -> Iterator[Finding]:
    """What tests state and no rule reads, near to what rules read."""
    for given in unread_givens(view):
        if given.near is None:
            continue
        as_text = given.use.space in ("type", "list")
        right = spelling.quoted(given.near) if as_text else spelling.name(given.near)
        shown = right if as_text else f"`{right}`"
        yield Finding(
            given.use.span,
            f"No rule reads this {given.what}",
            f"nearly {shown}",
            f"Did you mean {shown}?",
            fixes=(Fix(f"Write {shown}", (Edit(given.use.span, right),)),),
        )


RULE = Rule("L703", "mistyped-given", __doc__, find, fix="unsafe")
