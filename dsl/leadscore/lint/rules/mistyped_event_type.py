"""Event type that the data spell in another way.

## What

No event has a type that the model names, and the events have one that is the same but for a letter
or two, or an ending. Found when the model is checked against data with `--events`.

## Why

Types have to match exactly, but for case. This one never counts, and nothing tells you.

## Example

```csv leads
id,industry
1,SaaS
```

```csv events
id,event,time
1,Email opened,2026-01-20
1,Page view,2026-01-21
```

```score bad
score "Contacts"
group "Engagement" as engagement
  +2 for each "Email open"
  +1 for each "Page view"
```

```score bad
score "Contacts"
events
  "Mail" from "Email open"
group "Engagement" as engagement
  +2 for each "Mail"
  +1 for each "Page view"
```

## Remedy

Write the type as the data have it, or declare under `events` what it is called there.

```score good
score "Contacts"
events
  "Email open" from "Email opened"
group "Engagement" as engagement
  +2 for each "Email open"
  +1 for each "Page view"
```
"""

from __future__ import annotations

from collections.abc import Iterator

from leadscore.diagnostics import Edit, Fix, Span
from leadscore.lint import spelling
from leadscore.lint.absent import AbsentType, absent_types
from leadscore.lint.rule import Finding, Rule
from leadscore.lint.view import View


def find(view: View) -> Iterator[Finding]:
    """Types that never occur, where a slip of theirs does."""
    for absent in absent_types(view):
        if absent.near is not None:
            right = spelling.quoted(absent.near.shown)
            many = "one event" if absent.near.count == 1 else f"{absent.near.count:,} events"
            yield Finding(
                absent.span,
                f"No event has the type {spelling.quoted(absent.shown)}",
                f"the data have {right}",
                f"Write {right}, the type of {many}.",
                fixes=(Fix(f"Write {right}", _edits(view, absent, right)),),
            )


def _edits(view: View, absent: AbsentType, right: str) -> tuple[Edit, ...]:
    if absent.raw:
        return (Edit(absent.span, right),)
    if absent.line_end is not None:  # the file declares the type: one more name in the data
        return (Edit(Span(absent.line_end, absent.line_end), f", {right}"),)
    uses = view.named("type", "read", "except", "since", "reset", "given")[absent.key]
    return tuple(Edit(use.span, right) for use in uses)


RULE = Rule("L502", "mistyped-event-type", __doc__, find, needs="data", fix="unsafe")
