"""Number or date in quotes, compared as text.

## What

`<`, `<=`, `>`, `>=` or `is between` with a number or a date in quotes. The quotes make it a text,
and texts are compared letter by letter, as in a dictionary: "9" comes after "10". A property that
is declared as `text` is left alone.

## Why

A lead with 9 employees gets the points of one with more than 50.

## Example

```score bad
score "Contacts"
group "Company" as fit
  +10 if employees >= "50"
```

## Remedy

Take the quotes away.

```score good
score "Contacts"
group "Company" as fit
  +10 if employees >= 50
```
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from leadscore.diagnostics import Edit, Fix
from leadscore.lint.edits import span_in
from leadscore.lint.rule import Finding, Rule
from leadscore.lint.view import View
from leadscore.syntax import nodes as n
from leadscore.syntax.walk import walk
from leadscore.values.dates import iso
from leadscore.values.number import number_of
from leadscore.values.text import trim

_NUMBER = re.compile(r"-?\d{1,15}(\.\d{1,15})?")
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}(T\d{2}:\d{2})?")


def find(view: View) -> Iterator[Finding]:
    """Order comparisons with a quoted number or date."""
    for statement in view.document.statements:
        if statement.node is None or '"' not in statement.parsed.text:
            continue
        for node in walk(statement.node):
            values: tuple[n.Text, ...]
            match node:
                case n.Compare(name=name, operator="<" | "<=" | ">" | ">=", value=n.Text() as text):
                    values = (text,)
                case n.IsBetween(name=name, low=n.Text() as low, high=n.Text() as high):
                    values = low, high
                case _:
                    continue
            if view.symbols.kind_of(name) in ("text", "one of"):
                continue
            kinds = {_kind(value.value) for value in values}
            if len(kinds) != 1 or None in kinds:
                continue
            (kind,) = kinds
            edits = tuple(
                Edit(span_in(statement, value.span), trim(value.value)) for value in values
            )
            plain = all(_writable(value.value) for value in values)
            yield Finding(
                span_in(statement, values[0].span)._replace(
                    end=span_in(statement, values[-1].span).end
                ),
                f"This {kind} is compared as a text, letter by letter",
                f"the quotes make the {kind} a text",
                "Take the quotes away.",
                fixes=(Fix("Take the quotes away", edits),) if plain else (),
            )


def _kind(text: str) -> str | None:
    """What a text reads as: a number, a date, or nothing such."""
    if number_of(text) is not None:
        return "number"
    return "date" if iso(trim(text)) is not None else None


def _writable(text: str) -> bool:
    """Whether the text, as it is, is a number or a date of the language."""
    return bool(_NUMBER.fullmatch(trim(text)) or _DATE.fullmatch(trim(text)))


RULE = Rule("L306", "compared-as-text", __doc__, find, fix="unsafe")
