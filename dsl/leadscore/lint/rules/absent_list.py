"""List that no lead is in.

## What

The model asks whether a lead is in a list, and the table of lists has no list of that name. Found
when the model is checked against data with `--lists`.

## Why

Nobody is in the list, so a rule gives no points, and a list that is to keep leads out keeps nobody
out.

## Example

```csv leads
id,industry
1,SaaS
2,SaaS
```

```csv lists
id,list
2,Competitors
```

```score bad
score "Contacts"
exclude when in list "Competitor"
group "Company" as fit
  +20 if industry is "SaaS"
```

## Remedy

Write the name as the table of lists has it.

```score good
score "Contacts"
exclude when in list "Competitors"
group "Company" as fit
  +20 if industry is "SaaS"
```
"""

from __future__ import annotations

from collections.abc import Iterator

from leadscore.diagnostics import Edit, Fix
from leadscore.lint import spelling
from leadscore.lint.rule import Finding, Rule
from leadscore.lint.slips import Slips
from leadscore.lint.view import View

_SHOWN = 5


def find(view: View) -> Iterator[Finding]:
    """Lists that are not there, at their first use."""
    lists = None if view.data is None else view.data.lists
    if lists is None or not lists.whole:
        return
    used = view.named("list")
    there = [one.shown for one in lists.found.values() if spelling.writable(one.shown)]
    slips = Slips(
        key for key, one in lists.found.items() if key not in used and spelling.writable(one.shown)
    )
    for key, uses in used.items():
        if not lists.lack(key):
            continue
        near = slips.to(key)
        fixes: tuple[Fix, ...] = ()
        hint = f"There are: {', '.join(map(spelling.shown, there[:_SHOWN]))}"
        hint += f" and {len(there) - _SHOWN} more." if len(there) > _SHOWN else "."
        if not there:
            hint = "The table of lists is empty."
        if near is not None:
            right = spelling.quoted(lists.found[near].shown)
            hint = f"Did you mean {right}?"
            every = (*uses, *view.named("list", "given").get(key, ()))
            fixes = (Fix(f"Write {right}", tuple(Edit(use.span, right) for use in every)),)
        yield Finding(
            uses[0].span,
            f"There is no list {spelling.quoted(uses[0].shown)}",
            "not in the table of lists",
            hint,
            fixes=fixes,
        )


RULE = Rule("L505", "absent-list", __doc__, find, needs="data", fix="unsafe")
