"""Value that never occurs in the data.

## What

A property is compared with values that no lead has. Found when the model is checked against data.
That can be as it should be: a rare value, or a sample of the data.

## Why

The comparison holds for none of these leads. Often the value is called otherwise in the data.

## Example

```csv leads
id,country,industry
1,DE,SaaS
2,US,Retail
```

```score bad
score "Contacts"
group "Company" as fit
  +5 if country is any of "Germany", "United States"
  +10 if industry is "SaaS"
```

## Remedy

Write the values as the data have them, or leave the rule as it is if such leads are still to come.

```score good
score "Contacts"
group "Company" as fit
  +5 if country is any of "DE", "US"
  +10 if industry is "SaaS"
```
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from leadscore.lint import spelling
from leadscore.lint.absent import absent_values
from leadscore.lint.rule import Finding, Rule
from leadscore.lint.view import View

_SHOWN = 4


def find(view: View) -> Iterator[Finding]:
    """Comparisons whose texts never occur, and no slips of theirs.

    Not those with `is not`: a lead that must not be there is rightly not there.
    """
    names = {spec.key: spec.name for spec in view.plan.properties}
    for found in absent_values(view):
        absent = [text for text, _, near in found.absent if near is None]
        if not absent or found.of.negated:
            continue
        shown = [spelling.quoted(text.value) for text in absent]
        what = shown[0] if len(shown) == 1 else f"any of {', '.join(shown[:_SHOWN])}"
        if len(shown) > _SHOWN:
            what += f" and {len(shown) - _SHOWN} more"
        often = islice(found.values.found.values(), _SHOWN)
        most = [spelling.shown(one.shown) for one in often]
        yield Finding(
            found.of.span,
            f"No lead has {what} as {names[found.of.property]}",
            "never occurs" if len(absent) == len(found.of.texts) else "some never occur",
            f"Values that occur often: {', '.join(most)}."
            if most
            else "All leads are unknown here.",
        )


RULE = Rule("L510", "absent-value", __doc__, find, needs="data", level="info")
