"""Value that is not one of the declared ones.

## What

A property is declared as `one of` some texts, and a rule compares it with another one.

## Why

By its declaration, no lead has this value: the rule does nothing, or gives its points to everyone,
and nothing tells you. Most likely one of the two is misspelt, or the declaration is not complete.

## Example

```score bad
score "Contacts"
properties
  stage: one of "Subscriber", "Lead", "Customer"
group "Stage" as fit
  +20 if stage is "Custommer"
```

## Remedy

Write the value as it is declared, or declare it too.

```score good
score "Contacts"
properties
  stage: one of "Subscriber", "Lead", "Customer"
group "Stage" as fit
  +20 if stage is "Customer"
```
"""

from __future__ import annotations

from collections.abc import Iterator

from leadscore.diagnostics import Edit, Fix, Note
from leadscore.lint import spelling
from leadscore.lint.rule import Finding, Rule
from leadscore.lint.slips import Slips
from leadscore.lint.uses import Use
from leadscore.lint.view import CaseView, View
from leadscore.syntax import nodes as n

Tables = dict[int, tuple[CaseView, ...]]
"""The lines of tables, by where these start."""


def find(view: View) -> Iterator[Finding]:
    """Texts that a property is equal to nowhere by its declaration.

    Not those among the file's unknown values: of these it is proven that no lead has them.
    """
    unknown = {text.key for text in view.symbols.unknown_values}
    read = view.named("property")
    tables = _tables(view)
    for key, (statement, line) in view.declared.items():
        if line.type.kind != "one of":
            continue
        options = {text.key: text.value for text in line.type.options}
        slips = Slips(options)
        note = Note(line.name.span.shift(statement.start), "declared here")
        for use in read.get(key, ()):
            for text, start in _texts(use, tables):
                if text.key in options or text.key in unknown:
                    continue
                own, near = spelling.quoted(text.value), slips.to(text.key)
                right = None if near is None else spelling.quoted(options[near])
                span = text.span.shift(start)
                yield Finding(
                    span,
                    f"{own} is not one of the declared values of `{line.name.text}`",
                    "not declared",
                    f"Declare it too, after `{_end(line)}`."
                    if right is None
                    else f"Write {right}. If it is another value, declare it too.",
                    (note,),
                    () if right is None else (Fix(f"Write {right}", (Edit(span, right),)),),
                )


def _end(line: n.PropertyLine) -> str:
    return spelling.quoted(line.type.options[-1].value)


def _texts(use: Use, tables: Tables) -> Iterator[tuple[n.Text, int]]:
    """What a property is compared with as a whole; each with where its statement starts."""
    start = use.statement.start
    match use.within:
        case n.Is(values=values):
            yield from ((value, start) for value in values if isinstance(value, n.Text))
        case n.Compare(operator="=" | "!=", value=n.Text() as value):
            yield value, start
        case n.ByLine():
            for case in tables.get(start, ()):
                match case.statement.node:
                    case n.CaseLine(pattern=n.TextPattern(kind="is", texts=texts)):
                        yield from ((text, case.statement.start) for text in texts)


def _tables(view: View) -> Tables:
    return {rule.statement.start: rule.cases for rule in view.rules if rule.cases}


RULE = Rule("L404", "undeclared-choice", __doc__, find, fix="unsafe")
