"""The models of `models/` as functions in Python: the yardstick of one_lead.py.

What a good engineer writes for one model, for production, with the semantics of the language: texts
trimmed and folded, numbers and dates read from text, unknown values, two-valued logic, whole units
of points, events by their age in seconds. Without what a language must have besides: a report of
what could not be read, a receipt, other time zones, and names in any spelling.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

POINT = 10_000_000
DAY = 86_400

UNKNOWN = frozenset(("", "n/a", "-"))
DECIMAL = re.compile(r"[+-]?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]+)?").fullmatch
WORD = re.compile(r"[^\W_]+").findall
TRUE = frozenset(("true", "yes", "y", "t", "1", "on"))
FALSE = frozenset(("false", "no", "n", "f", "0", "off"))
SENIOR = frozenset(("vp", "chief", "director", "head"))


def text(value: Any) -> str | None:
    """Trimmed and in lower case; None: unknown."""
    if value is None:
        return None
    if not isinstance(value, str):
        if isinstance(value, bool):
            return "true" if value else "false"
        if isinstance(value, float):
            if not math.isfinite(value):
                return None
            if value.is_integer():
                value = int(value)
        value = str(value)
    folded = value.strip().lower()
    return None if folded in UNKNOWN else folded


def number(value: Any) -> float | None:
    if value is None:
        return None
    if isinstance(value, str):
        trimmed = value.strip()
        if DECIMAL(trimmed) is None:
            return None
        value = float(trimmed)
    elif isinstance(value, bool):
        return None
    else:
        value = float(value)
    return value if math.isfinite(value) else None


def boolean(value: Any) -> bool | None:
    folded = text(value)
    return True if folded in TRUE else False if folded in FALSE else None


def instant(value: Any) -> int | None:
    """Seconds since 1970, in UTC."""
    if value is None:
        return None
    try:
        if isinstance(value, str):
            value = datetime.fromisoformat(value.strip())
        elif not isinstance(value, datetime):
            if not isinstance(value, date):
                return None
            value = datetime(value.year, value.month, value.day)
    except ValueError:
        return None
    if value.tzinfo is None:
        value = value.replace(tzinfo=UTC)
    return int(value.timestamp())


class Outcome:
    """What the functions give."""

    __slots__ = ("engagement", "fit", "label", "score")

    def __init__(self, score: int, fit: int, engagement: int) -> None:
        self.fit = Decimal(fit) / POINT
        self.engagement = Decimal(engagement) / POINT
        self.score = Decimal(score) / POINT
        if score >= 60 * POINT and engagement >= 10 * POINT:
            self.label = "Hot"
        elif score >= 30 * POINT:
            self.label = "Warm"
        else:
            self.label = "Cold"


def score_properties(lead: Mapping[str, Any], as_of: int) -> Outcome:
    """models/properties.score."""
    fit, engagement = property_points(lead, as_of)
    fit, engagement = fit * POINT, engagement * POINT
    return Outcome(min(max(fit + engagement, 0), 100 * POINT), fit, engagement)


def score_events(
    lead: Mapping[str, Any], events: Sequence[Mapping[str, Any]], as_of: int
) -> Outcome:
    """models/events.score."""
    fit, engagement = property_points(lead, as_of)
    fit = fit * POINT
    engagement = engagement * POINT + event_points(events, as_of)
    return Outcome(min(max(fit + engagement, 0), 100 * POINT), fit, engagement)


def property_points(lead: Mapping[str, Any], as_of: int) -> tuple[int, int]:
    """The points of fit and engagement of the 20 rules on properties, all whole."""
    get = lead.get
    employees = number(get("employees"))
    industry = text(get("industry"))
    country = text(get("country"))
    revenue = number(get("revenue"))
    title = text(get("job_title"))
    email = text(get("email"))
    phone = text(get("phone"))
    source = text(get("source"))
    signup = instant(get("signup"))
    last_seen = instant(get("last_seen"))
    page_views = number(get("page_views"))
    budget = number(get("budget"))
    deal_size = number(get("deal_size"))
    lifecycle = text(get("lifecycle"))

    company = 0
    if industry in ("software", "saas"):
        company += 20
    if industry in ("education", "government") and employees is not None and employees < 50:
        company -= 10
    if employees is None:
        company -= 1
    elif 1 <= employees <= 10:
        company += 2
    elif 11 <= employees <= 200:
        company += 10
    elif 201 <= employees <= 1000:
        company += 15
    elif employees > 1000:
        company += 12
    if revenue is not None:
        if revenue >= 1_000_000:
            company += 8
        if 100_000 <= revenue <= 999_000:
            company += 4
    if country in ("germany", "austria", "switzerland"):
        company += 5
    if country is None:
        company -= 3
    company = min(company, 45)

    person = 0
    if title is not None:
        if employees is not None and employees >= 50 and not SENIOR.isdisjoint(WORD(title)):
            person += 10
        if "marketing" in title or "sales" in title:
            person += 7
        if "student" in title or "intern" in title:
            person -= 20
    if email is not None and email.endswith(("@gmail.com", "@yahoo.com", "@web.de")):
        person -= 15
    if phone is not None:
        person += 3
    elif email is None:
        person -= 2
    if source in ("referral", "partner"):
        person += 12
    elif source == "webinar":
        person += 8
    elif source == "paid search":
        person += 3

    interest = 0
    if boolean(get("newsletter")) is True:
        interest += 6
    if signup is not None and 0 <= as_of - signup <= 14 * DAY:
        interest += 5
    if last_seen is not None and last_seen <= as_of:
        interest += max(-((as_of - last_seen) // (30 * DAY)), -10)
    if page_views is not None and page_views >= 0:
        interest += min(math.floor(page_views / 10) * 2, 12)
    if budget is not None and deal_size is not None and 100 * budget >= 80 * deal_size:
        interest += 4
    if lifecycle == "opportunity":
        interest += 9
    elif lifecycle == "lead" and text(get("owner")) is not None:
        interest += 5
    elif lifecycle != "customer" and budget is not None and budget > 0:
        interest += 2
    return company + person, interest


def left(points: int, percent: int, days: int, age: int) -> int:
    """What stepwise decay leaves of points, in units."""
    lost = points * POINT * percent * (age // (days * DAY)) // 100
    return max(0, points * POINT - lost)


def event_points(events: Sequence[Mapping[str, Any]], as_of: int) -> int:
    """The points of engagement of the 20 rules on events, in units."""
    by_type: dict[str, list[tuple[int, Mapping[str, Any]]]] = {}
    latest = latest_but_opens = None
    for event in events:
        time = instant(event.get("time"))
        if time is None or time > as_of:
            continue
        kind = (event.get("event") or "").strip().lower()
        age = as_of - time
        by_type.setdefault(kind, []).append((age, event))
        if latest is None or age < latest:
            latest = age
        if kind != "email open" and (latest_but_opens is None or age < latest_but_opens):
            latest_but_opens = age

    def of(kind: str) -> list[tuple[int, Mapping[str, Any]]]:
        return by_type.get(kind, [])

    visits = of("web visit")
    visits_30 = sum(age <= 30 * DAY for age, _ in visits)

    marketing = 0
    for age, _ in sorted(of("email open"), key=lambda item: item[0])[:5]:
        marketing += left(2, 25, 30, age)
    for age, event in of("email click"):
        if age <= 90 * DAY:
            marketing += left(3, 25, 30, age)
        if "pricing" in (text(event.get("campaign")) or ""):
            marketing += left(6, 25, 30, age)
    first_of_day: dict[int, int] = {}
    for age, event in visits:
        if "/pricing" in (text(event.get("url")) or ""):
            day = (as_of - age) // DAY
            first_of_day[day] = max(age, first_of_day.get(day, 0))
        if age <= 30 * DAY:
            marketing += left(1, 25, 30, age)
    for age in first_of_day.values():
        marketing += left(5, 25, 30, age)
    papers = of("whitepaper download")
    if papers:
        marketing += left(10, 25, 30, min(age for age, _ in papers))
    minutes_seen = 0
    for age, event in of("webinar"):
        minutes = number(event.get("duration"))
        if minutes is not None:
            minutes_seen += ten_thousandths(minutes)
            if minutes >= 30 and age <= 180 * DAY:
                marketing += left(8, 25, 30, age)
    forms = of("form")
    for age, event in forms:
        if text(event.get("outcome")) == "sent":
            marketing += left(4, 50, 14, age)
    for age, _ in of("unsubscribe"):
        marketing -= left(5, 25, 30, age)
    long_videos = []
    for age, event in of("video"):
        minutes = number(event.get("duration"))
        if minutes is not None:
            minutes_seen += ten_thousandths(minutes)
            if minutes > 5:
                long_videos.append(age)
    long_videos.sort(reverse=True)
    for points, age in zip((1, 2, 3), long_videos, strict=False):
        marketing += left(points, 25, 30, age)
    marketing = min(marketing, 40 * POINT)

    sales = 0
    for age, event in of("call"):
        outcome = text(event.get("outcome"))
        if outcome in ("connected", "meeting set"):
            sales += 15
        elif outcome == "no answer" and age <= 60 * DAY:
            sales -= 2
    sales += min(20 * sum(age <= 90 * DAY for age, _ in of("meeting")), 40)
    if latest is None or latest > 60 * DAY:
        sales -= 8
    if any(age <= 30 * DAY for age, _ in of("demo")):
        sales += 12
    if of("trial") and visits_30 >= 3:
        sales += 5
    if visits_30 >= 5:
        sales += 10
    elif visits_30 >= 2:
        sales += 5
    elif visits_30 == 1:
        sales += 1
    if 10_000 <= minutes_seen <= 300_000:
        sales += 2
    elif minutes_seen > 300_000:
        sales += 4
    if sum(age <= 14 * DAY for age, _ in forms) >= 2:
        sales += 10
    elif any(age <= 30 * DAY for age, _ in forms):
        sales += 3
    if latest_but_opens is not None:
        sales += max(-(latest_but_opens // (15 * DAY)), -12)
    return marketing + min(max(sales, -30), 55) * POINT


def ten_thousandths(value: float) -> int:
    """Half away from zero, so that sums are exact."""
    size = math.floor(abs(value * 10_000) + 0.5)
    return -size if value < 0 else size
