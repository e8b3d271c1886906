"""Event type that is nearly a declared one.

## What

A rule names an event type that the file does not declare under `events`, and one that it declares
is the same but for a letter or two, or an ending.

## Why

Event types have to match exactly, but for case. A type that never occurs gives no points, and
nothing tells you.

## Example

```score bad
score "Contacts"
events
  "Email open" from "EMAIL_OPEN"
group "Engagement" as engagement
  +2 for each "Email opened"
```

## Remedy

Write the type as it is declared. If there really are two types, declare both, or say under which
name both count.

```score good
score "Contacts"
events
  "Email open" from "EMAIL_OPEN"
group "Engagement" as engagement
  +2 for each "Email open"
```

```score good
score "Contacts"
events
  "Email open" from "EMAIL_OPEN", "Email opened"
group "Engagement" as engagement
  +2 for each "Email open"
```
"""

from __future__ import annotations

from collections.abc import Iterator

from leadscore.diagnostics import Edit, Fix
from leadscore.lint import spelling
from leadscore.lint.rule import Finding, Rule
from leadscore.lint.slips import Slips
from leadscore.lint.view import View


def find(view: View) -> Iterator[Finding]:
    """Undeclared types near a declared one, at their first use."""
    declared = view.symbols.event_types
    slips = Slips(declared)
    used = view.named("type")
    for key, uses in used.items():
        if key in declared:
            continue
        near = slips.to(key)
        if near is None:
            continue
        name = declared[near]
        others = used.get(name.key, [])
        beside = {id(use.within) for use in others}
        # Both in one list are meant, and a slip of the hand happens once.
        if (len(uses) > 1 and others) or any(id(use.within) in beside for use in uses):
            continue
        right = spelling.quoted(name.value)
        given = view.named("type", "given").get(key, ())
        own = spelling.quoted(uses[0].shown)
        yield Finding(
            uses[0].span,
            f"{own} is most likely the declared event type {right}",
            "not declared",
            f"Write {right}. If it is another type, declare it too: `{own} from {own}`.",
            fixes=(Fix(f"Write {right}", tuple(Edit(use.span, right) for use in (*uses, *given))),),
        )


RULE = Rule("L402", "near-event-type", __doc__, find, fix="unsafe")
