"""Property that is nearly a declared one.

## What

A rule reads a property that the file does not declare, and one that it declares is the same but for
a letter or two; or it reads the column of a declared property by the column's own name.

## Why

A name that is not declared is taken for a further column of the leads. If there is no such column,
every lead counts as unknown there, and the rule does nothing or gives its points to everyone.

## Example

```score bad
score "Contacts"
properties
  employees: number from "Number of Employees"
group "Company" as fit
  +20 if employes >= 50
```

```score bad
score "Contacts"
properties
  employees: number from "Number of Employees"
group "Company" as fit
  +20 if [Number of Employees] >= 50
```

## Remedy

Write the name as it is declared. If there really are two properties, declare both.

```score good
score "Contacts"
properties
  employees: number from "Number of Employees"
group "Company" as fit
  +20 if employees >= 50
```

```score good
score "Contacts"
properties
  contact_type: text
  contract_type: text
group "Company" as fit
  +20 if contract_type is "Framework"
```
"""

from __future__ import annotations

from collections.abc import Iterator

from leadscore.diagnostics import Edit, Fix, Note
from leadscore.lint import spelling
from leadscore.lint.rule import Finding, Rule
from leadscore.lint.slips import Slips
from leadscore.lint.view import View


def find(view: View) -> Iterator[Finding]:
    """Undeclared properties near a declared one, at their first use.

    A slip of the hand happens once: a name that is read several times, beside the other one, is
    taken for what it says.
    """
    if not view.declared:
        return
    by_column = {
        node.column.key: key for key, (_, node) in view.declared.items() if node.column is not None
    }
    slips = Slips(view.declared)
    read = view.named("property")
    for key, uses in read.items():
        if key in view.declared:
            continue
        near = by_column.get(key)
        label = "the name of the column"
        if near is None:
            near, label = slips.to(key), "not declared"
            if near is None or (len(uses) > 1 and near in read):
                continue
        statement, node = view.declared[near]
        right = spelling.name(node.name.text)
        given = view.named("property", "given").get(key, ())
        edits = tuple(Edit(use.span, right) for use in (*uses, *given))
        yield Finding(
            uses[0].span,
            f"`{uses[0].shown}` is most likely the declared property `{node.name.text}`",
            label,
            f"Write `{right}`. If it is another property, declare it too.",
            (Note(node.name.span.shift(statement.start), "declared here"),),
            (Fix(f"Write `{right}`", edits),),
        )


RULE = Rule("L401", "near-property", __doc__, find, fix="unsafe")
