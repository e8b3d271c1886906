"""Blanks at the ends of a text do not count.

## What

A text to be contained, or with which a value shall start or end, has blanks at its ends. Texts are
trimmed before they are compared: `contains " IT "` is `contains "IT"`.

## Why

The blanks look as if they kept the word apart from others. They do not: "Hospitality" contains
"IT".

## Example

```score bad
score "Contacts"
group "Company" as fit
  +20 if job_title contains " head of "
```

## Remedy

Write `contains the word` for whole words, and the text without blanks.

```score good
score "Contacts"
group "Company" as fit
  +20 if job_title contains the words "head of"
```
"""

from __future__ import annotations

from collections.abc import Iterator

from leadscore.diagnostics import Edit, Fix
from leadscore.lint.edits import span_in
from leadscore.lint.rule import Finding, Rule
from leadscore.lint.view import View
from leadscore.syntax import nodes as n
from leadscore.syntax.walk import walk
from leadscore.values.text import trim


def find(view: View) -> Iterator[Finding]:
    """Texts with outer blanks in `contains`, `starts with` and `ends with`."""
    for statement in view.document.statements:
        if statement.node is None:
            continue
        for node in walk(statement.node):
            match node:
                case n.TextTest(kind="contains" | "starts" | "ends" as kind, texts=texts):
                    pass
                case n.TextPattern(kind="contains" as kind, texts=texts):
                    pass
                case _:
                    continue
            for text in texts:
                if text.value == trim(text.value):
                    continue
                quoted = '"' + trim(text.value).replace('"', '""') + '"'
                edit = Edit(span_in(statement, text.span), quoted)
                yield Finding(
                    span_in(statement, text.span),
                    "Blanks at the ends of a text do not count",
                    f"the same as {quoted}",
                    "Write `contains the word` to look for whole words."
                    if kind == "contains"
                    else "Take the blanks away.",
                    fixes=(Fix("Take the blanks away", (edit,)),),
                )


RULE = Rule("L307", "outer-blanks", __doc__, find, fix="unsafe")
