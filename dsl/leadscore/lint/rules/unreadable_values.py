"""Values that cannot be read as what the model takes them for.

## What

Some values of a property or attribute, or times of events, cannot be read as the number, the date
or the yes or no that the model takes them for. Found when the model is checked against data.

## Why

Such a value is unknown: comparisons with it do not hold, and such events are not seen.

## Example

```csv leads
id,employees,last_seen
1,120,31.01.2026
2,1 200,15.01.2026
```

```score bad
score "Contacts"
group "Company" as fit
  +20 if employees >= 50
```

```score bad
score "Contacts"
properties
  last_seen: date
group "Engagement" as engagement
  +10 if last_seen is within the last 30 days
```

## Remedy

Say under `properties` how dates are written, and mend numbers in the data: 1200.5, without blanks,
signs of currency or points between the thousands. What stands for "no value" goes under
`unknown values`.

```score good
score "Contacts"
unknown values "1 200"
properties
  last_seen: date "D.M.YYYY"
group "Company" as fit
  +20 if employees >= 50
group "Engagement" as engagement
  +10 if last_seen is within the last 30 days
```
"""

from __future__ import annotations

from collections.abc import Iterator

from leadscore.diagnostics import Span
from leadscore.lint import spelling
from leadscore.lint.facts import Unread
from leadscore.lint.rule import Finding, Rule
from leadscore.lint.view import View
from leadscore.values.text import fold

_READ_AS = {"number": "a number", "date": "a date", "boolean": "yes or no"}
_HINTS = {
    "number": "Numbers are written as 1200.5. What stands for no value goes under "
    "`unknown values`.",
    "date": 'Say how dates are written, under `properties`: `NAME: date "D.M.YYYY"`.',
    "boolean": "Yes and no are written yes, no, true, false, 1 or 0. What stands for no value goes "
    "under `unknown values`.",
}


def find(view: View) -> Iterator[Finding]:
    """Unreadable values at the declaration or first use, and times at the first type of events."""
    if view.data is None:
        return
    for unread in view.data.unread:
        if unread.expected in _READ_AS:
            values = "1 value" if unread.count == 1 else f"{unread.count:,} values"
            yield Finding(
                place(view, unread),
                f"{values} of `{unread.name}` cannot be read as {_READ_AS[unread.expected]}",
                f"such as {spelling.shown(unread.example)}",
                _hint(view, unread),
            )
    events = view.data.events
    if events is not None and events.untimed:
        many = "1 event has" if events.untimed == 1 else f"{events.untimed:,} events have"
        example = events.untimed_example
        yield Finding(
            next((use.span for use in view.uses if use.space == "type"), _header(view)),
            f"{many} no time that can be read",
            f"such as {spelling.shown(example)}" if example else "not counted",
            'Say how the times are written: `--time-pattern "M/D/YY h:mm"`.'
            if example
            else "Events without a time are not counted.",
        )


def _hint(view: View, unread: Unread) -> str:
    declared = view.declared.get(fold(unread.name))
    if unread.expected == "date" and declared is not None:
        pattern = declared[1].type.pattern
        if pattern is not None:
            return (
                f"Dates are declared as {spelling.quoted(pattern.value)}; ISO 8601 is read too. "
                "What stands for no value goes under `unknown values`."
            )
    return _HINTS[unread.expected].replace("NAME", spelling.name(unread.name))


def place(view: View, unread: Unread) -> Span:
    """Where the property is declared, or it or the attribute is first used."""
    key = fold(unread.name)
    declared = view.declared.get(key)
    properties, attributes = view.named("property"), view.named("attribute")
    if declared is not None and key in properties:
        statement, node = declared
        return node.name.span.shift(statement.start)
    uses = properties.get(key) or attributes.get(key)
    return uses[0].span if uses else _header(view)


def _header(view: View) -> Span:
    header = view.document.header
    return header.span if header is not None else Span(0, 0)


RULE = Rule("L504", "unreadable-values", __doc__, find, needs="data")
