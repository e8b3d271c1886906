"""Values outside the declared ones.

## What

A property is declared as `one of` some texts, and the data have others. Found when the model is
checked against data.

## Why

A value outside of the declared ones is kept as it is, but nobody thought of it when the rules were
written: it falls through tables into `otherwise`, or counts for nothing.

## Example

```csv leads
id,industry
1,SaaS
2,Public sector
```

```score bad
score "Contacts"
properties
  industry: one of "SaaS", "Retail"
group "Company" as fit
  +20 if industry is "SaaS"
```

## Remedy

Declare the value too, and think about what it should give; or list it under `unknown values`.

```score good
score "Contacts"
properties
  industry: one of "SaaS", "Retail", "Public sector"
group "Company" as fit
  +20 if industry is "SaaS"
```
"""

from __future__ import annotations

from collections.abc import Iterator

from leadscore.lint import spelling
from leadscore.lint.rule import Finding, Rule
from leadscore.lint.rules.unreadable_values import place
from leadscore.lint.slips import Slips
from leadscore.lint.view import View
from leadscore.values.text import fold

_SHOWN = 4


def find(view: View) -> Iterator[Finding]:
    """Properties with values that are not declared, at their declaration."""
    if view.data is None:
        return
    options = {spec.key: spec.options for spec in view.plan.properties}
    for unread in view.data.unread:
        if unread.expected != "one of":
            continue
        key = fold(unread.name)
        declared = options.get(key, frozenset())
        known = view.data.values.get(key)
        others = [
            spelling.shown(found.shown)
            for value, found in (known.found.items() if known is not None else ())
            if value not in declared
        ] or [spelling.shown(unread.example)]
        near = Slips(sorted(declared)).to(fold(unread.example))
        many = "1 value is" if unread.count == 1 else f"{unread.count:,} values are"
        more = f" and {len(others) - _SHOWN} more" if len(others) > _SHOWN else ""
        yield Finding(
            place(view, unread),
            f"{many} outside the declared ones of `{unread.name}`",
            f"{', '.join(others[:_SHOWN])}{more}",
            f'Did you mean {spelling.shown(unread.example)} by "{near}"?'
            if near is not None
            else "Declare them too, or list them under `unknown values`.",
        )


RULE = Rule("L508", "value-outside-choice", __doc__, find, needs="data", level="info")
