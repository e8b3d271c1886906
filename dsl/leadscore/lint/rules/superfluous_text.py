"""Text that another one of the same list makes superfluous.

## What

A list names a value twice, or a text that another text of the list already finds: whatever contains
"VP Sales" contains "VP". In a table, a value stands in a line although a line above has it.

## Why

It looks as if it added something, and changes nothing. Mostly another value was meant.

## Example

```score bad
score "Contacts"
group "Company" as fit
  +20 if job_title contains any of the words "VP", "VP Sales", "Head"
```

```score bad
score "Contacts"
group "Company" as fit
  by country
    "Germany", "Austria":     +10
    "Austria", "Switzerland": +5
```

## Remedy

Take the text away that does nothing.

```score good
score "Contacts"
group "Company" as fit
  +20 if job_title contains any of the words "VP", "Head"
  by country
    "Germany", "Austria": +10
    "Switzerland":        +5
```
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from leadscore.diagnostics import Edit, Fix, Note, Span
from leadscore.lint.edits import span_in
from leadscore.lint.rule import Finding, Rule
from leadscore.lint.view import RuleView, View
from leadscore.syntax import nodes as n
from leadscore.syntax.document import Statement
from leadscore.syntax.walk import walk
from leadscore.values.text import words

_COMPARED = 100
"""Texts of one list of which each is put beside each other. Longer lists: equal ones only."""

_FINDS: dict[str, Callable[[str, str], bool]] = {
    "contains": lambda text, longer: text in longer,
    "word": lambda text, longer: words(text) in words(longer),
    "starts": lambda text, longer: longer.startswith(text),
    "ends": lambda text, longer: longer.endswith(text),
}
"""By kind: whether what is found by the longer text is found by the other one, too."""


def find(view: View) -> Iterator[Finding]:
    """Texts, values and event types that a list has already."""
    for statement in view.document.statements:
        if statement.node is None or "," not in statement.parsed.text:
            continue
        for node in walk(statement.node):
            match node:
                case n.TextTest(kind=kind, texts=texts) | n.TextPattern(kind=kind, texts=texts):
                    yield from _list(view, statement, texts, kind)
                case n.Is(values=values):
                    yield from _list(view, statement, values, "is")
                case n.Kinds(texts=texts) | n.SinceEvent(texts=texts) | n.ResetBy(texts=texts):
                    yield from _list(view, statement, texts, "is")
    for rule in view.rules:
        if isinstance(rule.node, n.ByLine):
            yield from _lines(view, rule)


def _list(
    view: View, statement: Statement, values: Sequence[n.Value], kind: str
) -> Iterator[Finding]:
    if len(values) < 2:
        return
    first: dict[object, n.Value] = {}
    for place, value in enumerate(values):
        other: n.Value | None = first.setdefault(_key(value), value)
        message = "This stands twice in the list"
        if other is value:
            other = _shorter(values, place, kind)
            message = "This is superfluous: a shorter text of the list finds it, too"
        if other is not None:
            yield _finding(view, statement, values, place, message, span_in(statement, other.span))


def _shorter(values: Sequence[n.Value], place: int, kind: str) -> n.Value | None:
    """Another text of the list that finds whatever the one at a place finds.

    Of two that find the same, the first one is enough.
    """
    finds = _FINDS.get(kind)
    value = values[place]
    if finds is None or not isinstance(value, n.Text) or len(values) > _COMPARED:
        return None
    for at, text in enumerate(values):
        if not isinstance(text, n.Text) or text.key == value.key:
            continue
        if finds(text.key, value.key) and (at < place or not finds(value.key, text.key)):
            return text
    return None


def _lines(view: View, rule: RuleView) -> Iterator[Finding]:
    """Texts of a line of a table that stand in a line above; others of the line do not."""
    seen: dict[str, Span] = {}
    for case in rule.cases:
        line = case.statement.node
        if not isinstance(line, n.CaseLine) or not isinstance(line.pattern, n.TextPattern):
            continue
        if line.pattern.kind != "is":
            continue
        texts = line.pattern.texts
        known = [text.key in seen for text in texts]
        for place, text in enumerate(texts):
            if known[place] and not all(known):
                message = "A line above takes this already"
                yield _finding(view, case.statement, texts, place, message, seen[text.key])
        for text in texts:
            seen.setdefault(text.key, span_in(case.statement, text.span))


def _key(value: n.Value) -> object:
    match value:
        case n.Text(key=key):
            return key
        case n.Number(value=number):
            return number
        case n.DateLiteral(value=date, timed=timed):
            return date, timed
        case n.YesNo(value=yes):
            return "yes" if yes else "no", None


def _finding(
    view: View,
    statement: Statement,
    values: Sequence[n.Value],
    place: int,
    message: str,
    other: Span,
) -> Finding:
    span = values[place].span
    # With the comma before it; the first one with the comma after it.
    gone = (
        Span(values[place - 1].span.end, span.end)
        if place
        else Span(span.start, values[1].span.start)
    )
    return Finding(
        span_in(statement, span),
        message,
        "does nothing",
        "Take it away.",
        (Note(other, "this one is enough"),),
        (Fix("Take it away", (Edit(span_in(statement, gone), ""),)),),
    )


RULE = Rule("L304", "superfluous-text", __doc__, find, fix="unsafe")
