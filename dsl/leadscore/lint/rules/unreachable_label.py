"""Label that no lead can reach.

## What

All points that the model can give, together, do not reach the bounds of a label or of a step of
the matrix. (A label that another one above it always takes first is an error, E205.)

## Why

A threshold that stands above the highest score that there can be, or below the lowest, looks as if
it sorted leads and sorts none. Mostly a rule was taken away or a limit was lowered, and the
threshold was not moved along.

## Example

```score bad
score "Contacts"
group "Company" as fit limit 40
  +25 if industry is "SaaS"
  +20 if employees >= 50
labels
  "Hot"  from 70
  "Warm" from 20
  "Cold" below 20
```

## Remedy

Move the threshold into what the model can give, or raise the limit that keeps it out of reach.

```score good
score "Contacts"
group "Company" as fit limit 40
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

from leadscore.lint.rule import Finding, Rule
from leadscore.lint.view import LabelView, View
from leadscore.plan import terms as t
from leadscore.plan.bounds import Interval
from leadscore.values.units import decimal_text


def find(view: View) -> Iterator[Finding]:
    """Labels and steps whose bounds lie outside of what their target can be."""
    intervals: dict[t.Target, Interval] = {
        "score": view.bounds.score,
        "fit": view.bounds.fit,
        "engagement": view.bounds.engagement,
    }
    places: list[LabelView] = []
    for labels in view.labels:
        places += labels.labels
    for axis in view.axes:
        places += axis.steps
    for label in places:
        for bound in label.term.bounds:
            found = _outside(bound, intervals[bound.target])
            if found is not None:
                yield Finding(label.span, "No lead gets this label", *found)
                break


def _outside(bound: t.Bound, attainable: Interval) -> tuple[str, str] | None:
    """Why no value lies within a bound, and the remedy; None where some may."""
    low, high = attainable.low, attainable.high
    if bound.low is not None and high is not None and bound.low > high:
        most = decimal_text(high)
        return (
            f"{_name(bound.target)} is at most {most}",
            f"Move the threshold to {most} or lower, or let the model give more.",
        )
    if bound.high is not None and low is not None and bound.high <= low:
        least = decimal_text(low)
        return (
            f"{_name(bound.target)} is at least {least}",
            f"Move the threshold above {least}, or take this line away.",
        )
    return None


def _name(target: t.Target) -> str:
    return "the score" if target == "score" else target


RULE = Rule("L101", "label-out-of-reach", __doc__, find)
