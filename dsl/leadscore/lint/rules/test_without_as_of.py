"""Test without a time.

## What

A test does not say `as of` when it is. It then runs at the moment at which somebody runs it.

## Why

Windows, decay and dates count from that moment. A test that passes today can fail next month,
though nobody changed the model.

## Example

```score bad
score "Contacts"
group "Engagement" as engagement decay 50% every 30 days
  +10 for each "Demo request"
test "a fresh request counts in full"
  event "Demo request" on 2026-01-30
  expect score = 10
```

## Remedy

Say when: `as of` and a date, which means 00:00 of that day.

```score good
score "Contacts"
group "Engagement" as engagement decay 50% every 30 days
  +10 for each "Demo request"
test "a fresh request counts in full" as of 2026-01-31
  event "Demo request" on 2026-01-30
  expect score = 10
```
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from leadscore.diagnostics import Edit, Fix, Span
from leadscore.lint.rule import Finding, Rule
from leadscore.lint.view import View
from leadscore.syntax import nodes as n


def find(view: View) -> Iterator[Finding]:
    """Tests without `as of`. The fix takes the latest time that the file's tests name."""
    others = [
        (head.as_of.value, view.text(head.as_of.span.shift(test.head.start)))
        for test in view.symbols.tests
        if isinstance(head := test.head.node, n.TestLine)
        and head.as_of is not None
        and head.as_of.value is not None
    ]
    latest = max(others, default=None)
    for test in view.symbols.tests:
        head = test.head.node
        if not isinstance(head, n.TestLine) or head.as_of is not None:
            continue
        times: list[tuple[datetime, str]] = [latest] if latest is not None else []
        for line in test.given:
            node = line.node
            if isinstance(node, n.GivenEvent) and node.on is not None and node.on.value:
                times.append((node.on.value, view.text(node.on.span.shift(line.start))))
        end = test.head.start + head.title.span.end
        fixes: tuple[Fix, ...] = ()
        example = "2026-01-31"
        if times:
            example = max(times)[1]
            edit = Edit(Span(end, end), f" as of {example}")
            fixes = (Fix(f"Add `as of {example}`", (edit,)),)
        yield Finding(
            head.title.span.shift(test.head.start),
            "This test does not say when it is",
            "at the moment of the run",
            f"Say `as of {example}` after the name, so that it gives the same on every day.",
            fixes=fixes,
        )


RULE = Rule("L701", "test-without-as-of", __doc__, find, needs="tree", fix="unsafe")
