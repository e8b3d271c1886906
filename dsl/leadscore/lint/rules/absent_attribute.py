"""Attribute that the events never have.

## What

A rule looks at an attribute of events, and none of these events has it in the data. Found when the
model is checked against data with `--events`.

## Why

The attribute is unknown for all of them, so `where` holds for none, or, with `is not`, for all.
Inside of `where`, a name is an attribute of the event, never a property of the lead.

## Example

```csv leads
id,industry
1,SaaS
```

```csv events
id,event,time,campaign
1,CTA click,2026-01-20,pricing-q1
```

```score bad
score "Contacts"
group "Engagement" as engagement
  +6 for each "CTA click" where campain contains "pricing"
```

## Remedy

Write the attribute as the column of the events is called. A property of the lead goes outside of
`where`: `+6 for each "CTA click" if industry is "SaaS"`.

```score good
score "Contacts"
group "Engagement" as engagement
  +6 for each "CTA click" where campaign contains "pricing"
  +6 for each "CTA click" if industry is "SaaS"
```
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import islice

from leadscore.columns import Near
from leadscore.diagnostics import Edit, Fix
from leadscore.lint import spelling
from leadscore.lint.facts import EventFacts
from leadscore.lint.rule import Finding, Rule
from leadscore.lint.uses import StreamUse, streams_of
from leadscore.lint.view import View
from leadscore.syntax import nodes as n
from leadscore.values.text import fold

_SHOWN = 4
_LOOKED_FOR = 20
"""Attributes for which a near column is looked for; each look takes all columns."""


def find(view: View) -> Iterator[Finding]:
    """Attributes without any value in the types that are looked at; each once for its types."""
    events = None if view.data is None else view.data.events
    if events is None or not events.types.found:
        return
    if not events.types.whole or events.types.longer:
        return  # events of other types may have it
    counting = _by_name(view, events)
    totals = {key: sum(present.values()) for key, present in events.attributes.items()}
    columns = Near(events.columns)
    of_leads = frozenset(map(fold, view.data.columns)) if view.data is not None else frozenset()
    seen: set[tuple[str, frozenset[str] | None]] = set()
    for stream in streams_of(view.document):
        types = None
        if stream.kinds is not None and not stream.kinds.any:
            wanted = [counting.get(text.key, ()) for text in stream.kinds.texts]
            types = frozenset(key for keys in wanted for key in keys)
        if not types and types is not None:
            continue  # none of the types occurs: that is told elsewhere
        for name in stream.names:
            present = events.attributes.get(name.key, {})
            there, asked = totals.get(name.key, 0), None
            if there and types is not None:
                there, asked = sum(present.get(key, 0) for key in types), types
            if there or (name.key, asked) in seen:
                continue
            seen.add((name.key, asked))
            if asked is not None:
                yield _of_types(events, stream, name, asked, present)
            else:
                looked = len(seen) <= _LOOKED_FOR
                near = columns.to(name.text) if looked else []
                yield _nowhere(view, events, near, stream, name, name.key in of_leads)


def _by_name(view: View, events: EventFacts) -> dict[str, list[str]]:
    """The types of the data by the name under which the model counts them; all by key."""
    renames = dict(view.plan.renames)
    found: dict[str, list[str]] = {}
    for key in events.types.found:
        found.setdefault(renames.get(key, key), []).append(key)
    return found


def _of_types(
    events: EventFacts,
    stream: StreamUse,
    name: n.Name,
    types: frozenset[str],
    present: Mapping[str, int],
) -> Finding:
    """An attribute that events of these types never have, and others have."""
    found = events.types.found
    shown = ", ".join(spelling.shown(found[key].shown) for key in sorted(types)[:_SHOWN])
    there = (found[key].shown for key, count in present.items() if count and key in found)
    others = ", ".join(map(spelling.shown, islice(there, _SHOWN)))
    return Finding(
        name.span.shift(stream.statement.start),
        f"No event {shown} has `{name.text}`",
        "always unknown here",
        f"Events that have it: {others}.",
    )


def _nowhere(
    view: View,
    events: EventFacts,
    near: list[str],
    stream: StreamUse,
    name: n.Name,
    of_leads: bool,
) -> Finding:
    """An attribute that no event has; `near` are columns whose names are near."""
    fixes: tuple[Fix, ...] = ()
    column = next((one for one in near if spelling.writable(one) and fold(one) != name.key), None)
    if of_leads:
        hint = "It is a column of the leads: say it outside of `where`, after `if`."
    elif column is not None:
        right = spelling.name(column)
        hint = f"Did you mean `{right}`?"
        uses = view.named("attribute", "read", "given")[name.key]
        fixes = (Fix(f"Write `{right}`", tuple(Edit(use.span, right) for use in uses)),)
    else:
        columns = map(spelling.shown, events.columns[: 2 * _SHOWN])
        hint = f"The columns of the events are {', '.join(columns)}."
    return Finding(
        name.span.shift(stream.statement.start),
        f"No event has `{name.text}`",
        "always unknown",
        hint,
        fixes=fixes,
    )


RULE = Rule("L507", "absent-attribute", __doc__, find, needs="data", fix="unsafe")
