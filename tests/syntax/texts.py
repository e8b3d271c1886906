"""Texts of models that several tests of this folder need."""

from __future__ import annotations

from functools import cache
from itertools import pairwise
from pathlib import Path

from tests.conformance.cases import cases

from leadscore.diagnostics import Fix

EXAMPLES = Path(__file__).parents[2] / "examples"

FULL = """\
# Who is worth a call this week?
score "Contact score" for contacts
description "Fit and engagement, agreed with sales in March"

limit at least 0
fit limit 40
engagement limit 60

unknown values "Select", "N/A"

properties
  employees: number from "Number of Employees"
  industry: one of "Software", "SaaS", "Manufacturing", "Other"
  [Last seen]: date "D.M.YYYY"

events
  "Email open" from "EMAIL_OPEN", "4-666440"

only when lifecycle_stage is not "customer"
exclude when email ends with "@ourcompany.com" or in list "Competitors"

define senior as job_title contains any of the words "VP", "Chief", "Director"
define free_mail as email ends with any of "@gmail.com", "@yahoo.com"

group "Company" as fit
  +20 if industry is any of "Software", "SaaS"
  +10 if senior and employees >= 50
  by employees
    1 to 10:   +2
    11 to 200: +10
    > 200:     +15
    unknown:   -1
    otherwise: 0

group "Engagement with marketing" as engagement limit 40 decay 50% every 30 days
  +6 for each "CTA click" where campaign contains "pricing" in the last 90 days
  +2 for each "Email open" latest 5
  +1, +2, +3, +4, +5 for each "Email click" named "Keen reader"
  +25 for each "Key page" up to 1 per week limit 50
  +20 for each "Trial" up to 1 per day if not free_mail
  +10 once for "Whitepaper download"

group "Sales" as engagement limit -30 to 55 reset by "Recycled"
  +15 for each "Call started"
  +20 for each "Meeting completed"
  by count of "Page view" in the last 30 days
    1:      +1
    2 to 4: +5
    >= 5:   +10
  first of
    event "Visit" at least 5 times in the last 7 days: +10
    event "Visit" in the last 30 days:                 +3
    otherwise: 0
  -20 if event "Unsubscribe"
  -10 for each 30 days without any event except "Email sent" limit -30

labels
  "Call now" from 70 and engagement from 40 if event "Page view" where url contains "/p" color green
  "Warm"     from 40 color yellow
  "Cold"     below 40 color gray

matrix
  fit        "A" from 30, "B" from 15, "C" below 15
  engagement "1" from 30, "2" from 10, "3" below 10

fast track "MQL" if event "Contact us" since "Recycled"

test "a director books a meeting" as of 2026-01-31
  given job_title = "Director of IT", employees = 120, industry = "SaaS"
  event "Meeting completed" 3 days ago
  event "CTA click" on 2026-01-30 with campaign = "pricing-q1"
  expect score = 66, fit = 40, label "Warm", matrix "A2", not excluded
"""
"""The example of the language's contract: nearly every construct, and no finding."""


@cache
def valid_models() -> tuple[str, ...]:
    """All valid models of the conformance cases and of the examples, each once."""
    texts = dict.fromkeys(case.model for case in cases())
    for path in sorted(EXAMPLES.glob("*/*.score")):
        texts[path.read_text(encoding="utf-8")] = None
    return (FULL, *texts)


def applied(text: str, fix: Fix) -> str:
    """`text` with a fix made. Its edits must not overlap, and must lie in the text."""
    edits = sorted(fix.edits, key=lambda edit: edit.span)
    assert edits
    for one, two in pairwise(edits):
        assert one.span.end <= two.span.start
    for edit in reversed(edits):
        assert 0 <= edit.span.start <= edit.span.end <= len(text)
        text = text[: edit.span.start] + edit.text + text[edit.span.end :]
    return text
