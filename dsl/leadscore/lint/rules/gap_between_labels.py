"""Gap between two labels.

## What

Between a label that ends with `below` and the next one there are scores that neither of them
takes, and no other line does. The same holds for the steps of the matrix.

## Why

Leads with a score inside of the gap get no label, although others with more and with less get one.
Mostly one of two thresholds was moved, and the other was not.

## Example

```score bad
score "Contacts"
group "Company" as fit
  +25 if industry is "SaaS"
  +20 if employees >= 50
labels
  "Hot"  from 40
  "Cold" below 30
```

## Remedy

Let one begin where the other ends.

```score good
score "Contacts"
group "Company" as fit
  +25 if industry is "SaaS"
  +20 if employees >= 50
labels
  "Hot"  from 40
  "Cold" below 40
```
"""

from __future__ import annotations

from collections.abc import Iterator

from leadscore.lint.labelled import gaps, ladders, score_named
from leadscore.lint.rule import Finding, Rule
from leadscore.lint.view import View
from leadscore.values.units import decimal_text


def find(view: View) -> Iterator[Finding]:
    """Attainable scores between, or above, the lines of a block that no line takes."""
    for ladder in ladders(view):
        for gap in gaps(view, ladder):
            if gap.below or gap.low is None:
                continue
            low = decimal_text(gap.low)
            reach = f"from {low}"
            if gap.high is not None:
                reach += f" to below {decimal_text(gap.high)}"
            what = "label" if ladder.statement is None else "step"
            yield Finding(
                gap.beside.span,
                f"{score_named(ladder.target)} {reach} gets no {what}",
                f"this {what} ends at {low}",
                f"End it at {decimal_text(gap.high)}, or add a line for what is between."
                if gap.high is not None
                else f"Add a line for scores from {low}.",
            )


RULE = Rule("L103", "gap-between-labels", __doc__, find)
