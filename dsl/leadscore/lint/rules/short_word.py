"""Short word that longer words contain.

## What

Plain `contains` looks for letters anywhere. An abbreviation in capitals, of two or three letters,
also stands inside of other words: "CTO" in "Director", "IT" in "Hospitality".

## Why

Leads get the points who have nothing to do with it.

## Example

```score bad
score "Contacts"
group "Company" as fit
  +20 if job_title contains any of "CEO", "CTO"
```

## Remedy

`contains the word` looks for whole words.

```score good
score "Contacts"
group "Company" as fit
  +20 if job_title contains any of the words "CEO", "CTO"
```
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from leadscore.diagnostics import Edit, Fix
from leadscore.lint.edits import span_in
from leadscore.lint.rule import Finding, Rule
from leadscore.lint.view import View
from leadscore.syntax import nodes as n
from leadscore.syntax.document import Statement
from leadscore.syntax.walk import walk
from leadscore.values.text import trim, words

_WORDS = """
Director Hospitality Coordinator
Accountant Administrator Advertising Advisor Agriculture Ambassador Analyst Architect Area
Assistant Associate Automotive Aviation Banking Broker Builder Business Buyer Captain Chair Chemical
Chemist Clerk Commercial Communications Community Compliance Construction Consulting Contractor
Controller Coordinator Counsel Creative Customer Data Dentist Designer Developer Digital Director
Doctor Driver Economist Editor Education Electrician Energy Engineer Enterprise Entertainment
Environmental Event Executive Facilities Farming Fashion Finance Fitness Founder Freelance
Fundraising Gaming General Government Graphic Growth Healthcare Hospitality Hotel Human Industrial
Innovation Inspector Insurance International Investor Journalist Laboratory Lawyer Leader Legal
Librarian Logistics Maintenance Management Manager Manufacturing Maritime Marketing Mechanic Media
Medical Merchandising Mining Music Nonprofit Nurse Office Officer Operations Operator Owner Partner
Pharmaceutical Photographer Physician Pilot Planner Police President Principal Procurement Producer
Product Professor Program Project Property Psychologist Publishing Purchasing Quality Railway
Recruiter Regional Relations Representative Research Restaurant Retail Sales Scientist Secretary
Security Semiconductor Senior Service Shipping Social Software Specialist Staff Strategy Student
Supervisor Supply Surgeon Sustainability Teacher Technician Technology Telecommunications Textile
Therapist Tourism Trainer Training Transport Treasurer University Utilities Vehicle Veterinarian
Visual Warehouse Wholesale Workshop Writer
Through Device Luxury Length
"""
_KNOWN = tuple(_WORDS.split())
_SHORT = re.compile(r"[A-Z]{2,3}")


def find(view: View) -> Iterator[Finding]:
    """Abbreviations in plain `contains` that a common word of titles and industries contains."""
    for statement in view.document.statements:
        if statement.node is None or "contain" not in statement.parsed.text:
            continue
        for node in walk(statement.node):
            match node:
                case n.TextTest(kind="contains", texts=texts):
                    yield from _short(view, statement, node, texts)
                case n.TextPattern(kind="contains", texts=texts):
                    yield from _short(view, statement, node, texts)


def _short(
    view: View,
    statement: Statement,
    node: n.TextTest | n.TextPattern,
    texts: tuple[n.Text, ...],
) -> Iterator[Finding]:
    for text in texts:
        value = trim(text.value)
        if not _SHORT.fullmatch(value):
            continue
        longer = next((word for word in _KNOWN if value in word.upper()), None)
        if longer is None:
            continue
        yield Finding(
            span_in(statement, text.span),
            f'"{value}" also stands inside of other words',
            f'"{longer}" contains it',
            "Write `contains the word` to look for whole words.",
            fixes=tuple(_whole_words(view, statement, node, texts)),
        )


def _whole_words(
    view: View,
    statement: Statement,
    node: n.TextTest | n.TextPattern,
    texts: tuple[n.Text, ...],
) -> Iterator[Fix]:
    if not all(words(text.key) for text in texts):
        return
    kind = "the word" if len(texts) == 1 else "the words"
    first = span_in(statement, texts[0].span)
    if isinstance(node, n.TextTest) and node.negated:
        # `does not contain` knows no words: `not` with the positive form says the same. In
        # parentheses, so that it can stand after a bare `where`.
        name = view.text(span_in(statement, node.name.span))
        end = span_in(statement, texts[-1].span).end
        listed = view.source.text[first.start : end]
        edit = Edit(span_in(statement, node.span), f"(not {name} contains {kind} {listed})")
    else:
        edit = Edit(first._replace(end=first.start), f"{kind} ")
    yield Fix("Look for whole words", (edit,))


RULE = Rule("L302", "short-word", __doc__, find, fix="unsafe")
