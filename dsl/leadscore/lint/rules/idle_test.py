"""Test that cannot fail.

## What

All that a test expects holds for every lead there can be: the rules and limits leave nothing else.

## Why

Such a test is green whatever the rules say. It looks like a check and is none.

## Example

```score bad
score "Contacts"
limit at least 0
group "Company" as fit
  +20 if industry is "SaaS"
  -10 if industry is "Gambling"
test "a bad industry gives little" as of 2026-01-31
  given industry = "Gambling"
  expect score >= 0, fit <= 20
```

## Remedy

Expect what the lead of the test really gets.

```score good
score "Contacts"
limit at least 0
group "Company" as fit
  +20 if industry is "SaaS"
  -10 if industry is "Gambling"
test "a bad industry gives little" as of 2026-01-31
  given industry = "Gambling"
  expect score = 0, fit = -10
```
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction

from leadscore.lint.rule import Finding, Rule
from leadscore.lint.view import View
from leadscore.plan.bounds import Interval
from leadscore.syntax import nodes as n
from leadscore.values.units import UNIT


def find(view: View) -> Iterator[Finding]:
    """Tests of which every expectation holds for every lead.

    Where the model leaves leads out, nothing does: a number says that the lead is not left out.
    """
    if view.plan.scope:
        return
    bounds = view.bounds
    intervals = {
        "score": bounds.score,
        "fit": bounds.fit,
        "engagement": bounds.engagement,
    }
    groups = {group.node.title.key: group.interval for group in view.groups}
    for test in view.symbols.tests:
        head = test.head.node
        expected = [
            expectation
            for line in test.expect
            if isinstance(line.node, n.ExpectLine)
            for expectation in line.node.expectations
        ]
        if (
            isinstance(head, n.TestLine)
            and expected
            and all(_holds(one, intervals, groups, view) for one in expected)
        ):
            yield Finding(
                head.title.span.shift(test.head.start),
                "This test holds for every lead",
                "cannot fail",
                "Expect what this lead gets, such as its exact score.",
            )


def _holds(
    expectation: n.Expectation,
    intervals: Mapping[str, Interval],
    groups: Mapping[str, Interval],
    view: View,
) -> bool:
    match expectation:
        case n.ExpectNumber(target=target, group=group, operator=operator, value=value):
            interval = groups.get(group.key) if group is not None else intervals[target or "score"]
            return interval is not None and _always(
                interval, operator, Fraction(value.value) * UNIT
            )
        case n.ExpectExcluded(negated=True):
            return True
        case n.ExpectFastTrack(text=None):
            return not view.plan.fast_tracks
        case _:
            return False


def _always(interval: Interval, operator: n.Operator, value: Fraction) -> bool:
    low, high = interval.low, interval.high
    match operator:
        case ">=":
            return low is not None and low >= value
        case ">":
            return low is not None and low > value
        case "<=":
            return high is not None and high <= value
        case "<":
            return high is not None and high < value
        case "=":
            return low is not None and low == high == value
        case "!=":
            return (low is not None and low > value) or (high is not None and high < value)


RULE = Rule("L702", "idle-test", __doc__, find)
