"""Scores below all labels.

## What

The lowest label begins at a score, and leads can have less. They get no label at all. A block with
one threshold only is left alone: it marks some leads, and means to say nothing of the others.

## Why

A lead without a label is in no list, no view and no report that goes by labels. It is easy to
forget these leads, since nothing shows them.

## Example

```score bad
score "Contacts"
group "Company" as fit
  +25 if industry is "SaaS"
  +20 if employees >= 50
labels
  "Hot"  from 40
  "Warm" from 20
```

## Remedy

Say what the others are called, with `below`.

```score good
score "Contacts"
group "Company" as fit
  +25 if industry is "SaaS"
  +20 if employees >= 50
labels
  "Hot"  from 40
  "Warm" from 20
  "Cold" below 20
```
"""

from __future__ import annotations

from collections.abc import Iterator

from leadscore.lint.labelled import Ladder, gaps, ladders, score_named
from leadscore.lint.rule import Finding, Rule
from leadscore.lint.view import View
from leadscore.values.units import decimal_text


def find(view: View) -> Iterator[Finding]:
    """Blocks of two or more lines whose lowest bound has attainable scores below it."""
    for ladder in ladders(view):
        lowest = next((gap for gap in gaps(view, ladder) if gap.below), None)
        if lowest is None or lowest.high is None or _thresholds(ladder) < 2:
            continue
        bound = decimal_text(lowest.high)
        what = "label" if ladder.statement is None else "step"
        yield Finding(
            lowest.beside.span,
            f"{score_named(ladder.target)} below {bound} gets no {what}",
            f"the lowest {what} begins at {bound}",
            f'Add a line such as `"Cold" below {bound}`.'
            if ladder.statement is None
            else f'Add a step such as `"D" below {bound}`: without one, the matrix stays blank.',
        )


def _thresholds(ladder: Ladder) -> int:
    bounds = (bound for step in ladder.steps for bound in step.term.bounds)
    return len({bound.low for bound in bounds if bound.target == ladder.target})


RULE = Rule("L102", "gap-below-labels", __doc__, find, level="info")
