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

from leadscore.diagnostics import Edit, Fix, Span
from leadscore.lint import spelling
from leadscore.lint.edits import span_in
from leadscore.lint.rule import Finding, Rule
from leadscore.lint.view import View
from leadscore.syntax import nodes as n
from leadscore.syntax.document import Statement
from leadscore.syntax.walk import walk
from leadscore.values.text import trim, words


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
            padded = [text for text in texts if text.value != trim(text.value)]
            for text in padded:
                yield Finding(
                    span_in(statement, text.span),
                    "Blanks at the ends of a text do not count",
                    f"the same as {_bare(text)}",
                    "Write `contains the word` to look for whole words."
                    if kind == "contains"
                    else "Take the blanks away.",
                    fixes=tuple(_as_words(view, statement, node, len(padded)))
                    if kind == "contains"
                    else (
                        Fix(
                            "Take the blanks away",
                            (Edit(span_in(statement, text.span), _bare(text)),),
                        ),
                    ),
                )


def _bare(text: n.Text) -> str:
    return spelling.quoted(trim(text.value))


def _as_words(
    view: View, statement: Statement, node: n.TextTest | n.TextPattern, padded: int
) -> Iterator[Fix]:
    """What the blanks were to say; nothing where some texts of the list have none."""
    if padded < len(node.texts) or not all(words(text.key) for text in node.texts):
        return
    listed = ", ".join(map(_bare, node.texts))
    right = f"the word {listed}" if len(node.texts) == 1 else f"the words {listed}"
    span = Span(node.texts[0].span.start, node.texts[-1].span.end).shift(statement.start)
    if isinstance(node, n.TextTest) and node.negated:  # `does not contain` knows no words
        name = view.text(span_in(statement, node.name.span))
        span, right = span_in(statement, node.span), f"(not {name} contains {right})"
    yield Fix("Look for whole words", (Edit(span, right),))


RULE = Rule("L307", "outer-blanks", __doc__, find, fix="unsafe")
