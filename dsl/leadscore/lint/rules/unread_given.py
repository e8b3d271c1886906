"""Test that gives an event or a list that no rule reads.

## What

A test states that something happened, or that the lead is in a list, and nothing in the model looks
at such events or at that list. (Properties and attributes that no rule reads are no finding: they
show what kind of lead is meant.)

## Why

It has no effect. Mostly the rule that counted it is gone, or the type in the test is not the one in
the rules. It can be meant: as proof that such an event gives nothing.

## Example

```score bad
score "Contacts"
group "Engagement" as engagement
  +5 for each "Form sent"
test "a visitor of the fair" as of 2026-01-31
  event "Form sent" 3 days ago
  event "Badge scanned" 9 days ago
  expect score = 5
```

## Remedy

Take it out, or add the rule that counts it.

```score good
score "Contacts"
group "Engagement" as engagement
  +5 for each "Form sent"
  +2 for each "Badge scanned"
test "a visitor of the fair" as of 2026-01-31
  event "Form sent" 3 days ago
  event "Badge scanned" 9 days ago
  expect score = 7
```
"""

from __future__ import annotations

from collections.abc import Iterator

from leadscore.lint.given import unread_givens
from leadscore.lint.rule import Finding, Rule
from leadscore.lint.view import View


def find(view: View) -> Iterator[Finding]:
    """Events and lists that tests state and no rule reads, nor anything near them."""
    for given in unread_givens(view):
        if given.near is None and given.use.space in ("type", "list"):
            yield Finding(
                given.use.span,
                f"No rule reads this {given.what}",
                "without effect",
                "Take it out, unless the test is to show that it has no effect.",
            )


RULE = Rule("L704", "unread-given", __doc__, find, level="info")
