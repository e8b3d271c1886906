"""Counting by codes, with tables too small for what a model asks, and events counted in part."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from tests.sql.tables import OWN_ID, Tables, counts, differences, scored, single

import leadscore
from leadscore.targets.sql import coded

MODEL = """\
score "Codes"
limit 0 to 500
events
  "Open" from "EMAIL_OPEN", "4-666440"
group "E" as engagement decay 30% every 10 days
  +6 for each "Open" where campaign contains "pricing" in the last 60 days
  +3 for each "Visit" where url contains "/docs" latest 2
  +4 for each "Visit" where seconds >= 10
  +8 once for "Call" in the last 20 days
  +1.5 for each "Chat" in the last 5 days
  +2 for each "Open" decay 1% every 2 hours
  +1 for each "Visit" decay 0.5% every 6 hours
  +3 for each "Call" decay 50% every 3 days gradually
group "C"
  +5 if event "Call" in the last 12 days and event "Open" where campaign is "brand"
  by count of "Visit" in the last 30 days
    1 to 3: +2
    >= 4:   +7
  by total of seconds in "Visit" in the last 40 days
    >= 30: +9
  by highest of seconds in any event except "Open"
    >= 5: +1
  -1 for each 3 days without any event except "Chat" limit -20
  -4 if no event in the last 2 days
"""

NARROW = """\
score "Of the last days"
group "G"
  +1 for each any event in the last 9 days
  +2 if event "Call" in the last 3 days
"""

LIMITS = [
    {},
    {"_MOST_CODES": 1},
    {"_MOST_CODES": 1, "_MOST_BARE_CODES": 1},
    {"_MOST_STEPS": 1},
]


def tables(*, strangers: bool) -> Tables:
    """Forty leads of up to thirty events, of all ages around the as-of."""
    as_of = datetime(2026, 3, 1, 12)
    kinds = ("EMAIL_OPEN", "Visit", "visit ", "Call", "Chat", "4-666440", "Other", None)
    campaigns = (None, "Pricing-1", "brand", " ")
    rows = [
        (
            f"lead {lead if not strangers or at % 9 else 101 + (at + lead) % 4}",
            kinds[(at * 5 + lead) % 8],
            None
            if (at + lead) % 17 == 0
            else as_of - timedelta(days=at * (lead % 5), hours=at * 7 - 12, seconds=at % 2),
            campaigns[(at + lead) % 4],
            ("/docs/a", "/pricing", None)[at % 3],
            (None, 3, 12)[(at + lead) % 3],
        )
        for lead in range(40)
        for at in range(lead % 31)
    ]
    columns = list(zip(*rows, strict=True))
    return Tables(
        {OWN_ID: ("text", [f"lead {lead}" for lead in range(40)])},
        (
            {
                OWN_ID: ("text", columns[0]),
                "event": ("text", columns[1]),
                "time": ("timestamp", columns[2]),
                "campaign": ("text", columns[3]),
                "url": ("text", columns[4]),
                "seconds": ("integer", columns[5]),
            },
        ),
        {OWN_ID: ("text", []), "list": ("text", [])},
        as_of,
        "UTC",
    )


@pytest.mark.parametrize("limits", LIMITS, ids=lambda limits: " ".join(limits) or "as they are")
@pytest.mark.parametrize("strangers", [False, True])
@pytest.mark.parametrize("text", [MODEL, NARROW], ids=["all types", "a window"])
def test_points_and_report_are_the_same(
    monkeypatch: pytest.MonkeyPatch, text: str, strangers: bool, limits: dict[str, int]
) -> None:
    for name, value in limits.items():
        monkeypatch.setattr(coded, name, value)
    model, given = leadscore.loads(text), tables(strangers=strangers)
    wanted = [single(model, lead, given) for lead in given.each()]
    assert len({row["score"] for row in wanted}) > 5
    found, report = scored([model], given, "duckdb")
    assert differences(found, wanted) == {}
    _, expected = scored([model], given, "python")
    assert counts(report) == counts(expected)
    assert report.future_events
    assert report.untimed_events
    assert any("'lead 101'" in note for note in report.notes) == strangers
