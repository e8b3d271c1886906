"""Star that stands for itself.

## What

A text that is compared with `is`, `contains`, `starts with` or `ends with` begins or ends with a
star, as if the star stood for anything. It does so with `matches` only.

## Why

Other programs read `*director*` as "director somewhere". Here only a value with the stars in it is
the same, so that most likely no lead gets the points.

## Example

```score bad
score "Contacts"
group "Person" as fit
  +10 if job_title is "*director*"
```

```score bad
score "Contacts"
group "Person" as fit
  -10 if email ends with any of "*@gmail.com", "*@yahoo.com"
```

## Remedy

Write `contains`, `starts with` or `ends with` and the text without stars; or `matches`.

```score good
score "Contacts"
group "Person" as fit
  +10 if job_title matches "*director*"
  -10 if email ends with any of "@gmail.com", "@yahoo.com"
```
"""

from __future__ import annotations

from collections.abc import Iterator

from leadscore.diagnostics import Edit, Fix, Span
from leadscore.lint import spelling
from leadscore.lint.edits import span_in
from leadscore.lint.rule import Finding, Rule
from leadscore.lint.view import View
from leadscore.syntax import nodes as n
from leadscore.syntax.document import Statement
from leadscore.syntax.walk import walk
from leadscore.values.text import trim


def find(view: View) -> Iterator[Finding]:
    """Texts that begin or end with a star, and have letters, where stars are nothing special.

    Without letters they are most likely values: `***`, or `4*` for a hotel.
    """
    for statement in view.document.statements:
        if statement.node is None or "*" not in statement.parsed.text:
            continue
        for node in walk(statement.node):
            values: tuple[n.Value, ...]
            match node:
                case n.Is(values=values):
                    pass
                case n.TextTest(kind="contains" | "starts" | "ends", texts=values):
                    pass
                case n.TextPattern(kind="is" | "contains", texts=values):
                    pass
                case n.Compare(operator="=" | "!=", value=value):
                    values = (value,)
                case _:
                    continue
            texts = [value for value in values if isinstance(value, n.Text) and _starred(value)]
            fixes = tuple(_fixes(statement, node, texts)) if texts else ()
            for text in texts:
                yield Finding(
                    span_in(statement, text.span),
                    "A star stands for itself here, not for anything",
                    "the value has to have it, too",
                    "Write `matches`, in which stars stand for anything, or leave the stars out.",
                    fixes=fixes,
                )


def _starred(text: n.Text) -> bool:
    value = trim(text.value)
    return (value[:1] == "*" or value[-1:] == "*") and any(map(str.isalpha, value))


def _fixes(statement: Statement, node: n.Node, texts: list[n.Text]) -> Iterator[Fix]:
    """What was most likely meant: `matches` for `is`, no stars for `contains` and its kind."""
    match node:
        case n.Is(name=name, values=values, negated=False) if all(
            isinstance(value, n.Text) for value in values
        ):
            span = span_in(statement, Span(name.span.end, values[0].span.start))
            right = "matches" if len(values) == 1 else "matches any of"
            yield Fix(f"Write `{right}`", (Edit(span, f" {right} "),))
        case n.TextTest():
            yield Fix(
                "Leave the stars out",
                tuple(
                    Edit(
                        span_in(statement, text.span), spelling.quoted(trim(text.value).strip("*"))
                    )
                    for text in texts
                ),
            )


RULE = Rule("L308", "idle-star", __doc__, find, level="info", fix="unsafe")
