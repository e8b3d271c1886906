"""Event type that never occurs in the data.

## What

No event has a type that the model names. Found when the model is checked against data with
`--events`. That can be as it should be: a rare event, or a sample of the data.

## Why

The rule gives no points to any of these leads. Often the type is called otherwise in the data.

## Example

```csv leads
id,industry
1,SaaS
```

```csv events
id,event,time
1,MTG_DONE,2026-01-20
1,Page view,2026-01-21
```

```score bad
score "Contacts"
group "Engagement" as engagement
  +20 for each "Meeting completed"
  +1 for each "Page view"
```

## Remedy

Say under `events` what the type is called in the data, or leave the rule as it is if such events
are still to come.

```score good
score "Contacts"
events
  "Meeting completed" from "MTG_DONE"
group "Engagement" as engagement
  +20 for each "Meeting completed"
  +1 for each "Page view"
```
"""

from __future__ import annotations

from collections.abc import Iterator

from leadscore.diagnostics import nearest
from leadscore.lint import spelling
from leadscore.lint.absent import absent_types
from leadscore.lint.rule import Finding, Rule
from leadscore.lint.view import View

_LOOKED_FOR = 20
"""Types for which a near one is looked for; each look takes all types of the data."""
_SHOWN = 4


def find(view: View) -> Iterator[Finding]:
    """Types that never occur, and of which no slip does."""
    if view.data is None or view.data.events is None:
        return
    types = view.data.events.types.found
    shown = ", ".join(spelling.shown(one.shown) for one in list(types.values())[:_SHOWN])
    looked = 0
    for absent in absent_types(view):
        if absent.near is not None:
            continue
        looked += 1
        near = nearest(absent.key, types, 0.7) if looked <= _LOOKED_FOR else None
        if near is not None:
            hint = f"The nearest type that occurs is {spelling.shown(types[near].shown)}."
        elif shown:
            hint = f"Types that occur often: {shown}."
        else:
            hint = "There are no events in the data."
        yield Finding(
            absent.span,
            f"No event has the type {spelling.quoted(absent.shown)}",
            "never occurs",
            hint,
        )


RULE = Rule("L509", "absent-event-type", __doc__, find, needs="data", level="info")
