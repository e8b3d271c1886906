"""Mails that we sent count as the lead's activity: in the data.

## What

A rule counts any event, or asks whether there was any, and among the events in the data are mails
that we sent. Found when the model is checked against data with `--events`. (L303 tells of types
that the file itself names.)

## Why

A lead to whom we write every week looks active for ever: points for silence are never taken off,
and points for activity are given for our own work.

## Example

```csv leads
id,industry
1,SaaS
```

```csv events
id,event,time
1,Email sent,2026-01-20
1,Page view,2026-01-21
```

```score bad
score "Contacts"
group "Engagement" as engagement
  +1 for each "Page view"
  -10 for each 30 days without any event limit -30
```

## Remedy

Leave them out with `except`, or name the events that you mean.

```score good
score "Contacts"
group "Engagement" as engagement
  +1 for each "Page view"
  -10 for each 30 days without any event except "Email sent" limit -30
```
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from leadscore.lint import spelling
from leadscore.lint.rule import Finding, Rule
from leadscore.lint.rules.own_mails_count import is_own_mail, left_out
from leadscore.lint.view import View

_SHOWN, _MOST = 5, 50
"""Types that a message names, and that a fix leaves out."""


def find(view: View) -> Iterator[Finding]:
    """Choices of any event, where an outgoing mail occurs that the file does not name."""
    if view.data is None or view.data.events is None:
        return
    named = {*view.symbols.event_types, *view.named("type", "read", "except", "since", "reset")}
    named |= view.named("type", "given").keys()
    ours = {
        key: found
        for key, found in view.data.events.types.found.items()
        if key not in named and is_own_mail(key) and spelling.writable(found.shown)
    }
    if not ours:
        return
    ours = dict(islice(ours.items(), _MOST))
    count = sum(found.count for found in ours.values())
    names = [spelling.quoted(found.shown) for found in ours.values()]
    shown = ", ".join(names[:_SHOWN])
    more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
    for stream in view.streams:
        if stream.term.types.exclude and stream.term.where is None:
            yield Finding(
                stream.span,
                f"{shown}{more} counts here, and is not the lead's doing",
                "one such event in the data" if count == 1 else f"{count:,} such events",
                f"Leave it out: `any event except {shown}`.",
                fixes=(left_out(view, stream, [found.shown for found in ours.values()]),),
            )


RULE = Rule("L506", "own-mails-in-data", __doc__, find, needs="data", fix="unsafe")
