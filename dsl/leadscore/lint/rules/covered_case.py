"""Line that those above it always take first.

## What

The first line of a table that holds gives its points, and the first fast track that holds its
label. Whenever this one would hold, one above it holds already. (An `otherwise: 0` that is never
needed is left alone: it does no harm.)

## Why

The line never gives its points, or its label. Mostly the wide line stands above the narrow one, or
the same value stands in two lines with different points.

## Example

```score bad
score "Contacts"
group "Company" as fit
  by employees
    >= 10:  +5
    >= 100: +15
```

```score bad
score "Contacts"
group "Website" as engagement
  first of
    event "Visit" in the last 30 days: +3
    event "Visit" in the last 7 days:  +10
```

```score bad
score "Contacts"
group "Website" as engagement
  +10 for each "Demo request"
fast track "Call" if event "Demo request"
fast track "Call today" if event "Demo request" in the last 2 days
```

## Remedy

Put the narrower line first.

```score good
score "Contacts"
group "Company" as fit
  by employees
    >= 100: +15
    >= 10:  +5
group "Website" as engagement
  first of
    event "Visit" in the last 7 days:  +10
    event "Visit" in the last 30 days: +3
fast track "Call today" if event "Demo request" in the last 2 days
fast track "Call" if event "Demo request"
```
"""

from __future__ import annotations

from collections.abc import Iterator

from leadscore.diagnostics import Note
from leadscore.lint.rule import Finding, Rule
from leadscore.lint.view import CaseView, View
from leadscore.plan import terms as t

_NAMED = 20
"""Lines above among which the one that takes all is looked for, to show it."""


def find(view: View) -> Iterator[Finding]:
    """Cases, and fast tracks, of which it is proven that earlier ones take all."""
    yield from _tracks(view)
    for rule in view.rules:
        cases = rule.cases
        if len(cases) < 2:
            continue
        conditions = [case.term.condition for case in cases]
        for place, covered in enumerate(view.prover.behind(conditions)):
            if not covered or place == 0 or _is_dead_or_harmless(view, cases[place]):
                continue
            above = _alone(view, cases[:place], cases[place])
            notes = (Note(above.span, "whenever the other holds, this one does"),) if above else ()
            yield Finding(
                cases[place].span,
                "This line is never taken",
                "those above it always come first",
                "The first line that holds counts. Put the narrower one first.",
                notes,
            )


def _tracks(view: View) -> Iterator[Finding]:
    tracks = [placed for placed in view.conditions if placed.role == "fast track"]
    conditions = [placed.term for placed in tracks]
    for place, covered in enumerate(view.prover.behind(conditions)):
        if not covered or place == 0 or view.prover.never(conditions[place]):
            continue
        above = next(
            (
                other
                for other in tracks[max(0, place - _NAMED) : place]
                if view.prover.implies(conditions[place], other.term)
            ),
            None,
        )
        yield Finding(
            tracks[place].span,
            "No lead takes this fast track",
            "those above it always come first",
            "The first one that holds is taken. Put the narrower one first.",
            (Note(above.span, "whenever the other holds, this one does"),) if above else (),
        )


def _is_dead_or_harmless(view: View, case: CaseView) -> bool:
    condition = case.term.condition
    if condition == t.Constant(True):
        return case.term.points == 0
    return view.prover.never(condition)  # a finding of its own


def _alone(view: View, above: tuple[CaseView, ...], case: CaseView) -> CaseView | None:
    for other in above[-_NAMED:]:
        if view.prover.implies(case.term.condition, other.term.condition):
            return other
    return None


RULE = Rule("L108", "covered-case", __doc__, find)
