"""`within the next` leaves out today.

## What

A property is declared as a date without a time of day, and a rule asks whether it is within the
next day, or the next hours.

## Why

A date without a time is 00:00 of that day. When the model runs at nine o'clock, today's date is
nine hours past, so a renewal that is due today is not "within the next 1 day": only that of
tomorrow is. (In longer windows, the one day is rarely a matter.)

## Example

```score bad
score "Contacts"
properties
  renewal: date "D.M.YYYY"
group "Sales" as engagement
  +20 if renewal is within the next 1 day
```

## Remedy

Take today's dates along, or allow the finding with the comment `# allow L712` where they are meant
to be left out.

```score good
score "Contacts"
properties
  renewal: date "D.M.YYYY"
group "Sales" as engagement
  +20 if renewal is within the next 1 day or renewal is within the last 1 day
```
"""

from __future__ import annotations

from collections.abc import Iterator

from leadscore.diagnostics import Edit, Fix
from leadscore.lint.rule import Finding, Rule
from leadscore.lint.view import View
from leadscore.syntax import nodes as n

_SHORT = 2 * 86_400
"""Seconds from which on a window is so long that one day at its edge is not worth a word."""


def find(view: View) -> Iterator[Finding]:
    """Short windows of `within the next`, but where the statement asks for today as well."""
    without_time = {
        key
        for key, (_, node) in view.declared.items()
        if node.type.kind == "date"
        and node.type.pattern is not None
        and "h" not in node.type.pattern.value
    }
    if not without_time:
        return
    past = {
        (use.statement.start, use.key)
        for use in view.uses
        if isinstance(use.within, n.IsWithin) and use.within.direction == "last"
    }
    for use in view.uses:
        test = use.within
        if (
            use.space == "property"
            and use.key in without_time
            and isinstance(test, n.IsWithin)
            and test.direction == "next"
            and test.duration.seconds < _SHORT
            and (use.statement.start, use.key) not in past
        ):
            span = test.span.shift(use.statement.start)
            name = view.text(use.span)
            right = f"({view.text(span)} or {name} is within the last 1 day)"
            yield Finding(
                span,
                f"A `{use.shown}` of today is already past here",
                "from this moment on",
                f"To count today too, add `or {name} is within the last 1 day`.",
                fixes=(Fix("Count today too", (Edit(span, right),)),),
            )


RULE = Rule("L712", "today-is-past", __doc__, find, level="info", fix="unsafe")
