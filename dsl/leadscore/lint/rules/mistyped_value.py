"""Value that the data spell in another way.

## What

No lead has a value that a property is compared with, and there is one in the data that is the same
but for a letter or two, or an ending. Found when the model is checked against data.

## Why

Values have to match exactly, but for case and blanks around them. The comparison never holds.

## Example

```csv leads
id,industry,country
1,Software,Germany
2,Manufacturing,France
```

```score bad
score "Contacts"
group "Company" as fit
  +20 if industry is any of "Softwre", "Manufacturing"
  +5 if country is "Germany"
```

```score bad
score "Contacts"
group "Company" as fit
  by industry
    "Software":      +20
    "Manufacturng":  +10
  +5 if country is "Germny"
```

## Remedy

Write the value as the data have it.

```score good
score "Contacts"
group "Company" as fit
  +20 if industry is any of "Software", "Manufacturing"
  +5 if country is "Germany"
```
"""

from __future__ import annotations

from collections.abc import Iterator

from leadscore.diagnostics import Edit, Fix
from leadscore.lint import spelling
from leadscore.lint.absent import absent_values
from leadscore.lint.rule import Finding, Rule
from leadscore.lint.view import View


def find(view: View) -> Iterator[Finding]:
    """Texts that never occur, where a slip of theirs does."""
    names = {spec.key: spec.name for spec in view.plan.properties}
    for found in absent_values(view):
        for text, span, near in found.absent:
            if near is not None:
                right = spelling.quoted(near.shown)
                yield Finding(
                    span,
                    f"No lead has {spelling.quoted(text.value)} as {names[found.of.property]}",
                    f"the data have {right}",
                    f"Write {right}, the value of "
                    + ("one lead." if near.count == 1 else f"{near.count:,} leads."),
                    fixes=(Fix(f"Write {right}", (Edit(span, right),)),),
                )


RULE = Rule("L503", "mistyped-value", __doc__, find, needs="data", fix="unsafe")
