"""Two names that differ by a slip of the hand.

## What

The file reads two properties, event types, attributes of events or lists whose names differ in a
letter or two, and one of them only once. Neither is declared, so the file does not tell which one
is right.

## Why

Both are taken as they stand. The one that the data does not have is never met, and gives no points.

## Example

```score bad
score "Contacts"
group "Company" as fit
  +20 if industry is "SaaS"
  +10 if industy is "Finance"
```

```score bad
score "Contacts"
group "Engagement" as engagement
  +5 for each "CTA click" where campaign contains "pricing"
  +2 for each "CTA click" where campain contains "webinar"
```

## Remedy

Write both alike. If both are right, say so by declaring them under `properties` or `events`, or
with the comment `# allow L403`.

```score good
score "Contacts"
group "Company" as fit
  +20 if industry is "SaaS"
  +10 if industry is "Finance"
```
"""

from __future__ import annotations

from collections.abc import Iterator

from leadscore.diagnostics import Edit, Fix, Note
from leadscore.lint import spelling
from leadscore.lint.rule import Finding, Rule
from leadscore.lint.slips import Slips, by_ending
from leadscore.lint.uses import Space, Use
from leadscore.lint.view import View

_WHAT: dict[Space, str] = {
    "property": "property",
    "attribute": "attribute",
    "type": "event type",
    "list": "list",
}


def find(view: View) -> Iterator[Finding]:
    """Names that are used once and are one slip from another one."""
    for space, what in _WHAT.items():
        declared = {
            "property": frozenset(view.declared),
            "type": frozenset(view.symbols.event_types),
        }.get(space, frozenset())
        used = {key: uses for key, uses in view.named(space).items() if key not in declared}
        # Each pair once: a name is compared with those that are used more often, or before it.
        order = sorted(used, key=lambda key: (-len(used[key]), used[key][0].span))
        slips = Slips(order)
        place = {key: at for at, key in enumerate(order)}
        for key in order:
            near = slips.to(key)
            if near is None or place[near] > place[key] or len(used[key]) > 1:
                continue
            if space in ("property", "attribute") and by_ending(key, near):
                continue  # `form` and `forms`: one holds a name, the other a number
            one, other = used[key][0], used[near]
            if not any(use.within is one.within for use in other):
                yield _finding(what, one, other[0])


def _finding(what: str, one: Use, other: Use) -> Finding:
    if one.space in ("type", "list"):
        shown, right = f'"{one.shown}"', spelling.quoted(other.shown)
    else:
        shown, right = f"`{one.shown}`", f"`{spelling.name(other.shown)}`"
    return Finding(
        one.span,
        f"The {what} {shown} differs from {right} by a slip",
        "only here",
        f"Write {right}, if that is meant.",
        (Note(other.span, "the other one"),),
        (Fix(f"Write {right}", (Edit(one.span, right.strip("`")),)),),
    )


RULE = Rule("L403", "similar-names", __doc__, find, level="info", fix="unsafe")
