"""Property that no column of the leads holds.

## What

The table of leads has no column for a property that the model reads. Found when the model is
checked against data: `leadscore check model.score --leads leads.csv`.

## Why

Scoring stops at a missing column; with `--allow-missing` the property is unknown for every lead.

## Example

```csv leads
id,No of Employees,industry
1,120,SaaS
2,8,Retail
```

```score bad
score "Contacts"
properties
  employees: number from "Number of Employees"
group "Company" as fit
  +20 if employees >= 50
  +10 if industry is "SaaS"
```

## Remedy

Say under `properties` which column holds it, or export that column too.

```score good
score "Contacts"
properties
  employees: number from "No of Employees"
group "Company" as fit
  +20 if employees >= 50
  +10 if industry is "SaaS"
```
"""

from __future__ import annotations

from collections.abc import Iterator

from leadscore.columns import Near
from leadscore.diagnostics import Edit, Fix, Span
from leadscore.lint import spelling
from leadscore.lint.rule import Finding, Rule
from leadscore.lint.view import View
from leadscore.plan import terms as t

_LOOKED_FOR = 20
"""Properties for which a near column is looked for; each look takes all columns."""
_SHOWN = 8
"""Columns that a hint names, where none is near."""


def find(view: View) -> Iterator[Finding]:
    """Missing columns, at the declaration of the property or at its first use."""
    data = view.data
    if data is None or not data.missing:
        return
    near = Near(data.columns)
    read = view.named("property")
    missing = [
        spec for spec in view.plan.properties if spec.key in data.missing and spec.key in read
    ]
    for number, spec in enumerate(missing):
        sources = spec.sources if number < _LOOKED_FOR else ()
        likely = dict.fromkeys(one for source in sources for one in near.to(source))
        fix = None
        for column in likely:
            if spelling.writable(column):
                fix = _fix(view, spec, column)
                break
        looked = " or ".join(spelling.quoted(source) for source in dict.fromkeys(spec.sources))
        yield Finding(
            _place(view, spec),
            f"The leads have no column {looked}",
            "no such column",
            f"Did you mean {', '.join(map(spelling.shown, likely))}?"
            if likely
            else f"There are: {_some(data.columns)}.",
            fixes=(fix,) if fix is not None else (),
        )


def _place(view: View, spec: t.PropertySpec) -> Span:
    if spec.key in view.declared:
        statement, node = view.declared[spec.key]
        part = node.name if node.column is None else node.column
        return part.span.shift(statement.start)
    return view.named("property")[spec.key][0].span


def _fix(view: View, spec: t.PropertySpec, column: str) -> Fix:
    """Read another column: by `from` where the property is declared, else by its name."""
    if spec.key not in view.declared:
        right = spelling.name(column)
        uses = [*view.named("property", "read", "given")[spec.key]]
        return Fix(f"Write `{right}`", tuple(Edit(use.span, right) for use in uses))
    statement, node = view.declared[spec.key]
    right = spelling.quoted(column)
    if node.column is not None:
        return Fix(f"Read {right}", (Edit(node.column.span.shift(statement.start), right),))
    end = statement.start + node.span.end
    return Fix(f"Read {right}", (Edit(Span(end, end), f" from {right}"),))


def _some(columns: tuple[str, ...]) -> str:
    shown = ", ".join(map(spelling.shown, columns[:_SHOWN]))
    return f"{shown} and {len(columns) - _SHOWN} more" if len(columns) > _SHOWN else shown


RULE = Rule("L501", "missing-column", __doc__, find, needs="data", fix="unsafe")
