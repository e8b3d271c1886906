"""`leadforge.score` by hand: loops over the rows of three files, and nothing of leadscore.

All dates of the data are days. Points are counted in the unit of the language, 1/10,000,000.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import date, datetime
from typing import Any

AS_OF = datetime(2024, 2, 15, 10, 30)
DAY = 86_400
POINT = 10_000_000

Row = dict[str, str]


def at(day: str) -> datetime:
    return datetime.strptime(day, "%Y-%m-%d")


class Event:
    """A row of any of the three files."""

    def __init__(self, kind: str, day: str, row: Row) -> None:
        self.kind = kind
        self.day = at(day).date()
        self.age = int((AS_OF - at(day)).total_seconds())
        self.row = row

    def get(self, name: str) -> str | None:
        return self.row.get(name) or None


def events_of(touches: list[Row], sessions: list[Row], activities: list[Row]) -> list[Event]:
    """The events that have happened, oldest first; those of one day as the files have them."""
    names = {"pricing_page": "pricing", "demo_page": "demo page", "website": "site"}
    events = [Event(r["touch_type"], r["touch_timestamp"], r) for r in touches]
    events += [Event(names[r["session_type"]], r["session_timestamp"], r) for r in sessions]
    events += [Event(r["activity_type"], r["activity_timestamp"], r) for r in activities]
    return sorted((e for e in events if e.age >= 0), key=lambda e: e.day)


def stepwise(points: int, event: Event, percent_hundredths: int, every: int) -> int:
    lost = points * percent_hundredths * (event.age // every) // 10_000
    return max(0, points - lost)


def gradually(points: int, event: Event) -> int:
    """10% every 5 days, by the hour."""
    hours = event.age // 3600
    return max(0, points * (1200 - hours) // 1200)


def per_period(events: list[Event], most: int, period: Callable[[date], object]) -> list[Event]:
    seen: Counter[object] = Counter()
    kept = []
    for event in events:
        seen[period(event.day)] += 1
        if seen[period(event.day)] <= most:
            kept.append(event)
    return kept


def month(day: date) -> object:
    return day.year, day.month


def week(day: date) -> object:
    return day.isocalendar()[:2]


def score(lead: Row, events: list[Event]) -> dict[str, Any]:
    out: dict[str, Any] = dict.fromkeys(
        ("score", "fit", "engagement", "label", "matrix", "fast_track", "excluded")
    )
    source = lead["lead_source"]
    created = at(lead["lead_created_at"])
    age = int((AS_OF - created).total_seconds())
    if lead["lead_id"].endswith(("7", "13")) and age > 35 * DAY:
        out["excluded"] = (
            'exclude when lead_id ends with any of "7", "13" and created is more than 35 days ago'
        )
        return out
    referred = source.startswith("partner") or lead["lead_id"].endswith("5")

    def of(*kinds: str) -> list[Event]:
        return [e for e in events if e.kind in kinds]

    # Source
    fit = {"inbound_marketing": 120, "partner_referral": 155}.get(source, 40) * POINT // 10
    if age >= 0:
        fit += max(-4, -(age // (7 * DAY))) * POINT
    day = created.date()
    if day < date(2024, 1, 8):
        fit += POINT
    elif day <= date(2024, 1, 15):
        fit += POINT * 9 // 4
    elif day != date(2024, 1, 20):
        fit += 3 * POINT
    else:
        fit += 50 * POINT
    if date(2024, 1, 10) <= day <= date(2024, 1, 12):
        fit += 2 * POINT

    # Touches
    inbound = [
        e for e in of("webinar", "content_download") if e.get("touch_direction") == "inbound"
    ]
    touches = sum(stepwise(3 * POINT, e, 2500, 7 * DAY) for e in inbound[-4:])
    touches += sum(
        POINT * 3 // 2
        for e in of("email")
        if e.get("touch_direction") == "outbound"
        and e.get("touch_channel") != "sdr_outbound"
        and e.age <= 21 * DAY
    )
    touches += sum(stepwise(2 * POINT, e, 2500, 7 * DAY) for e in of("linkedin_message")[-1:])
    touches += sum(
        stepwise(POINT, e, 3333, 90 * 3600) for e in of("call") if not e.get("activity_type")
    )
    touches += sum(
        stepwise(POINT // 4, e, 2500, 7 * DAY)
        for e in events
        if e.kind not in ("webinar", "site") and date(2024, 1, 10) <= e.day <= date(2024, 2, 3)
    )
    touches = min(touches, 30 * POINT)

    # Sessions: what came after the last demo
    demos = [e.day for e in of("demo")]
    fresh = [e for e in events if not demos or e.day > demos[-1]]

    def since(*kinds: str) -> list[Event]:
        return [e for e in fresh if e.kind in kinds]

    def pages(some: list[Event]) -> list[int]:
        return [int(e.row["page_views"]) for e in some if e.get("page_views")]

    sessions = sum(gradually(4 * POINT, e) for e in per_period(since("pricing"), 1, week))
    deep = [e for e in since("demo page") if int(e.row["demo_page_views"]) > 0]
    for event, tenths in zip(deep, (10, 25, 40), strict=False):
        sessions += gradually(tenths * POINT // 10, event)
    total = sum(
        int(e.row["session_duration_seconds"])
        for e in since("site", "pricing")
        if e.age <= 30 * DAY
    )
    if total == 0:
        sessions -= POINT
    elif 1 <= total <= 599:
        sessions += POINT
    elif total <= 1800:
        sessions += 2 * POINT
    else:
        sessions += 4 * POINT
    seen = pages(since("site"))
    if not seen:
        sessions -= POINT // 2
    elif max(seen) > 9:
        sessions += 2 * POINT
    if min(pages(fresh), default=0) == 1:
        sessions += POINT
    last = pages(since("site", "pricing", "demo page")[-3:])
    if not last:
        sessions -= 2 * POINT
    elif 2 * sum(last) >= 13 * len(last):
        sessions += 2 * POINT
    elif sum(last) < 3 * len(last):
        sessions -= POINT
    outcomes = {e.get("activity_outcome") for e in per_period(fresh, 3, month)} - {None}
    if len(outcomes) >= 3:
        sessions += 3 * POINT
    elif outcomes:
        sessions += POINT

    # Sales
    set_up = [e for e in of("meeting") if e.get("activity_outcome") == "meeting_set"]
    sales = min(20, 8 * len(per_period(set_up, 2, month))) * POINT
    sales -= (
        3
        * POINT
        * sum(
            e.get("activity_outcome") in ("no_answer", "left_voicemail")
            and 3 * DAY < e.age <= 30 * DAY
            for e in of("call")
        )
    )
    quiet = [e for e in events if e.kind != "email"]
    if quiet:
        sales += max(-10, -2 * (quiet[-1].age // (5 * DAY))) * POINT
    last_call = of("call")[-1].day if of("call") else date.min
    if referred or of("webinar"):
        if sum(e.age <= 30 * DAY for e in of("demo")) >= 2:
            sales += 9 * POINT
        elif any(
            e.day > last_call and e.get("activity_outcome") == "demo_completed" for e in of("demo")
        ):
            sales += 6 * POINT
        elif not any(e.age > 14 * DAY for e in of("pricing")):
            sales += POINT * 3 // 2
        else:
            sales -= POINT
    if 2 <= sum(e.kind not in ("email", "call") and e.age <= 3 * DAY for e in events) <= 4:
        sales += 5 * POINT
    sales = max(-20 * POINT, min(40 * POINT, sales))

    engagement = min(60 * POINT, touches + sessions + sales)
    score = max(-5 * POINT, fit + engagement)
    out.update(score=score, fit=fit, engagement=engagement)

    last_meeting = of("meeting")[-1].day if of("meeting") else date.min
    if any(e.day > last_meeting and e.get("activity_outcome") == "meeting_set" for e in of("demo")):
        out["fast_track"] = out["label"] = "Now"
    elif score >= 45 * POINT and any(e.age <= 14 * DAY for e in of("pricing")):
        out["label"] = "Call"
    elif score >= 25 * POINT and engagement >= POINT * 25 // 2:
        out["label"] = "Warm"
    elif score < 40 * POINT:
        out["label"] = "Cold"
    if fit >= 8 * POINT:
        out["matrix"] = ("A" if fit >= 15 * POINT else "B") + (
            "1" if engagement >= 30 * POINT else "2"
        )
    return out
