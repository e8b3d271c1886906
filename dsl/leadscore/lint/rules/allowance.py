"""Comment that allows what is not there.

## What

A comment `# allow CODE` suppresses findings with this code, and there is none any more; or the
code is none of a finding. Errors cannot be allowed: a model that has one does not run.

## Why

A comment that outlives its finding will silently swallow the next one, which may be a real
mistake.

## Example

```score bad
score "Contacts"
group "Company" as fit
  +20 if industry is "SaaS"  # allow L106: agreed with sales
```

## Remedy

Take the comment away, or the code that is not needed.

```score good
score "Contacts"
group "Company" as fit
  +20 if industry is "SaaS"
```
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from leadscore.analysis import Analysis
from leadscore.diagnostics import Edit, Fix, Span
from leadscore.diagnostics.catalog import CATALOG
from leadscore.lint.rule import Finding, Rule
from leadscore.lint.suppress import Allowance
from leadscore.lint.view import View


def _nothing(_: View) -> Iterator[Finding]:
    """What is unused is known after all other rules ran: `run` asks for it then."""
    return iter(())


def finding(item: Allowance, analysis: Analysis, names: Mapping[str, str]) -> Finding:
    """The finding about an allowance that nothing needed; `names` are those of rules, by code."""
    hint = "Take it out of the comment."
    if item.code in CATALOG:
        message, label = f"Nothing here has to be allowed as {item.code}", "not needed"
        if item.code[0] != "W":
            message, label = "An error cannot be allowed", f"{item.code} is an error"
    elif item.code in names:
        message, label = f"Nothing here has to be allowed as {item.code}", "not needed"
    else:
        message, label = f"There is no code {item.code}", "allows nothing"
        near = next((code for code in names if _off_by_one(code, item.code)), None)
        if near is not None:
            hint = f"Did you mean {near} ({names[near]})? If not, take it out of the comment."
    return Finding(
        item.span,
        message,
        label,
        hint,
        fixes=(Fix("Take it out", (_without(item, analysis.document.source.text),), safe=True),),
    )


def _off_by_one(one: str, two: str) -> bool:
    """Whether two codes differ in one digit, or in the order of two."""
    differing = [(a, b) for a, b in zip(one, two, strict=True) if a != b]
    if len(differing) == 1:
        return one[0] == two[0]
    return len(differing) == 2 and differing[0] == differing[1][::-1]


def _without(item: Allowance, text: str) -> Edit:
    """The edit that takes a code out of its comment; the last one takes the comment along."""
    start, end = item.span
    after = text[end : item.comment.end]
    if after.lstrip().startswith(","):
        end += len(after) - len(after.lstrip()) + 1
        while end < item.comment.end and text[end] == " ":
            end += 1
    else:
        before = text[item.comment.start : start].rstrip()
        if before.endswith(","):
            start = item.comment.start + len(before) - 1
        else:
            start, end = item.comment
            while start > 0 and text[start - 1] in " \t":
                start -= 1
            if start == 0 or text[start - 1] == "\n":  # a line of its own
                end = min(len(text), end + (2 if text[end : end + 2] == "\r\n" else 1))
    return Edit(Span(start, end), "")


RULE = Rule("L001", "unused-allowance", __doc__, _nothing, needs="tree", fix="safe")
