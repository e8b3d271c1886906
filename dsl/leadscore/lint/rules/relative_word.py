"""`"today"` in quotes, for a date.

## What

A date is compared with, or given as, a word such as "today", "now" or "yesterday" in quotes.

## Why

In quotes it is just a text. No date is equal to it, and as a date it cannot be read.

## Example

```score bad
score "Contacts"
group "Engagement" as engagement
  +10 if last_seen is "today"
  +5 if last_seen is within the last 7 days
```

```score bad
score "Contacts"
properties
  last_seen: date
group "Engagement" as engagement
  +10 if last_seen is within the last 7 days
test "seen today" as of 2026-01-31
  given last_seen = "today"
  expect score = 10
```

## Remedy

Say how old the date is: `is within the last 1 day`, `is more than 30 days ago`, `is within the next
7 days`. In a test, write the date.

```score good
score "Contacts"
properties
  last_seen: date
group "Engagement" as engagement
  +10 if last_seen is within the last 1 day
test "seen today" as of 2026-01-31
  given last_seen = 2026-01-31
  expect score = 10
```
"""

from __future__ import annotations

from collections.abc import Iterator

from leadscore.diagnostics import Edit, Fix, Span
from leadscore.lint import spelling
from leadscore.lint.rule import Finding, Rule
from leadscore.lint.uses import Use
from leadscore.lint.view import View
from leadscore.plan import terms as t
from leadscore.plan.readings import Asked
from leadscore.syntax import nodes as n

_NOW = frozenset(("today", "now", "today()", "now()", "current date", "current_date"))
_WORDS = _NOW | {"yesterday", "tomorrow"}


def find(view: View) -> Iterator[Finding]:
    """Such words beside properties and attributes that are dates."""
    dates = _dates(view)
    as_of = _as_of(view)
    for use in view.uses:
        if (use.space, use.key) not in dates:
            continue
        for text in _texts(use.within):
            if text.key in _WORDS:
                yield Finding(
                    text.span.shift(use.statement.start),
                    f"{spelling.quoted(text.value)} is a text, not a date",
                    "just a word",
                    "Write the date, such as 2026-01-31."
                    if use.role == "given"
                    else _hint(use.within),
                    fixes=tuple(_fixes(view, use, text, as_of)),
                )


def _dates(view: View) -> set[tuple[str, str]]:
    """Properties that are declared as dates, and whatever is read as one."""
    found = {("property", key) for key, (_, node) in view.declared.items() if _is_date(node)}
    asked = Asked(view.plan)
    for spec in view.plan.properties:
        if spec.kind is None and "d" in asked.forms(t.Property(spec.key)):
            found.add(("property", spec.key))
    for attribute in view.plan.attributes:
        if "d" in asked.forms(t.Attribute(attribute.key)):
            found.add(("attribute", attribute.key))
    return found


def _is_date(node: n.PropertyLine) -> bool:
    return node.type.kind == "date"


def _texts(within: n.Node) -> list[n.Text]:
    """The texts beside a name: what it is compared with, or given as."""
    values: tuple[n.Value, ...]
    match within:
        case n.Is(values=values):
            pass
        case n.Compare(value=value) | n.Assignment(value=value):
            values = (value,)
        case n.IsBetween(low=low, high=high):
            values = (low, high)
        case _:
            values = ()
    return [value for value in values if isinstance(value, n.Text)]


def _as_of(view: View) -> dict[int, str]:
    """The as-of time of the test that a line stands in, as it is written, by the line's start."""
    found = {}
    for test in view.symbols.tests:
        head = test.head.node
        if isinstance(head, n.TestLine) and head.as_of is not None:
            written = view.text(head.as_of.span.shift(test.head.start))
            found.update({line.start: written for line in test.given})
    return found


def _hint(within: n.Node) -> str:
    match within:
        case n.Compare(operator=">" | ">="):
            return "Say how far ahead it is, such as `is within the next 30 days`."
        case n.Compare(operator="<" | "<="):
            return "Say how old it is, such as `is more than 1 day ago`."
        case _:
            return "Say how old it is, such as `is within the last 1 day`."


def _fixes(view: View, use: Use, text: n.Text, as_of: dict[int, str]) -> Iterator[Fix]:
    if text.key not in _NOW:
        return
    start = use.statement.start
    if use.role == "given":
        if start in as_of:
            right = as_of[start]
            yield Fix(f"Write {right}", (Edit(text.span.shift(start), right),))
        return
    match use.within:
        case (
            n.Is(values=(_,), negated=False, name=name) | n.Compare(operator="=", name=name)
        ) as test:
            span = Span(name.span.end, test.span.end).shift(start)
            yield Fix(
                "Write `is within the last 1 day`", (Edit(span, " is within the last 1 day"),)
            )


RULE = Rule("L711", "relative-word", __doc__, find, fix="unsafe")
