"""The model of `models/many_leads.score` as two functions in Python, on the input of peer_inputs.

As short as one writes them who knows the data: picklists are compared as they are spelt, nothing is
read from text, no value has another type than it should have.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from benchmarks.peer_inputs import DAY, UNIT


def fit(lead: Mapping[str, Any]) -> int:
    """The points of the 20 rules on properties, whole."""
    employees = lead["employees"]
    company = 0
    if lead["industry"] in ("Software", "SaaS"):
        company += 20
    elif (
        lead["industry"] in ("Education", "Government") and employees is not None and employees < 50
    ):
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
    revenue = lead["revenue"]
    if revenue is not None:
        if revenue >= 1_000_000:
            company += 8
        elif 100_000 <= revenue <= 999_000:
            company += 4
    if lead["country"] in ("Germany", "Austria", "Switzerland"):
        company += 5
    elif lead["country"] is None:
        company -= 3
    if lead["plan"] == "Enterprise":
        company += 12
    elif lead["plan"] == "Team":
        company += 6
    budget, deal_size, stage = lead["budget"], lead["deal_size"], lead["lifecycle"]
    if budget is not None and deal_size is not None and 100 * budget >= 80 * deal_size:
        company += 4
    if stage == "opportunity":
        company += 9
    elif stage == "lead" and lead["owner"] is not None:
        company += 5
    elif stage != "customer" and budget is not None and budget > 0:
        company += 2

    person = 0
    if lead["job_title"] is not None:
        title = lead["job_title"].lower()
        if (
            employees is not None
            and employees >= 50
            and ("vp" in title or "chief" in title or "director" in title or "head" in title)
        ):
            person += 10
        if "marketing" in title or "sales" in title:
            person += 7
        if "student" in title or "intern" in title:
            person -= 20
    email = lead["email"]
    if email is not None and email.lower().endswith(("@gmail.com", "@yahoo.com", "@web.de")):
        person -= 15
    if lead["phone"] is not None and lead["language"] == "English":
        person += 3
    source = lead["source"]
    if source in ("Referral", "Partner"):
        person += 12
    elif source == "Webinar":
        person += 8
    elif source == "Paid search":
        person += 3
    if lead["newsletter"] and not lead["opted_out"]:
        person += 6
    signup, last_seen, nps = lead["signup_age"], lead["last_seen_age"], lead["nps"]
    if (signup is not None and 0 <= signup <= 14 * DAY) or (nps is not None and nps >= 9):
        person += 5
    if last_seen is not None and last_seen >= 0:
        person -= min(10, last_seen // (30 * DAY))
    if lead["page_views"] is not None:
        person += min(12, lead["page_views"] // 10 * 2)
    return min(90, min(55, company) + min(45, max(-30, person)))


def engagement(lead: Mapping[str, Any]) -> int:
    """The points of the 20 rules on events, in units."""
    opens = videos = calls = 0
    open_steps = click_steps = pricing_clicks = pricing_pages = pages = paper = webinars = 0
    forms = unsubscribed = video_steps = meetings = call_halves = demo = 0
    trial = False
    visits_7 = visits_30 = watched = chats_14 = chats_30 = 0
    latest = latest_but_sent = None
    for event in lead["events"]:
        age = event["age"]
        if age < 0:
            continue
        if age > 180 * DAY:
            break
        kind = event["event"]
        if latest is None:
            latest = age
        if kind == "Email sent":
            continue
        if latest_but_sent is None:
            latest_but_sent = age
        quarters = max(0, 4 - age // (30 * DAY))
        if kind == "Email open":
            if opens < 5:
                opens += 1
                open_steps += quarters
        elif kind == "Page view":
            if age <= 14 * DAY:
                pages += 1
            if age <= 60 * DAY and event["url"] is not None and "/pricing" in event["url"]:
                pricing_pages += quarters
        elif kind == "Visit":
            visits_30 += age <= 30 * DAY
            visits_7 += age <= 7 * DAY
        elif kind == "Email click":
            if age <= 90 * DAY:
                click_steps += quarters
            if event["campaign"] is not None and "pricing" in event["campaign"]:
                pricing_clicks += quarters
        elif kind in ("Video", "Webinar attended"):
            seconds = event["seconds"]
            if seconds is not None:
                if age <= 90 * DAY:
                    watched += seconds
                if kind == "Webinar attended":
                    if seconds >= 120:
                        webinars += quarters
                elif seconds > 60 and age <= 120 * DAY and videos < 3:
                    videos += 1
                    video_steps += quarters
        elif kind == "Call":
            if calls < 4 and event["campaign"] in ("spring", "brand"):
                calls += 1
                call_halves += max(0, 2 - age // (60 * DAY))
        elif kind == "Chat":
            chats_30 += age <= 30 * DAY
            chats_14 += age <= 14 * DAY
        elif kind == "Form submission":
            forms += 4 * UNIT * max(0, 672 - age // 3600) // 672 if age <= 30 * DAY else 0
        elif kind == "Meeting completed":
            if age <= 90 * DAY:
                meetings += max(0, 2 - age // (60 * DAY))
        elif kind == "Whitepaper download":
            paper = max(paper, quarters)
        elif kind == "Unsubscribe":
            unsubscribed += 1
        elif kind == "Trial":
            trial = trial or age <= 30 * DAY
        elif kind == "Demo":
            demo = max(demo, 2 - age // (60 * DAY))
    marketing = (
        open_steps * (UNIT // 2)
        + (click_steps + video_steps) * (UNIT * 3 // 4)
        + pricing_clicks * (UNIT * 3 // 2)
        + min(30 * UNIT, pricing_pages * (UNIT * 5 // 4))
        + pages * UNIT
        + paper * (UNIT * 5 // 2)
        + webinars * (UNIT * 2)
        + forms
        - unsubscribed * (UNIT * 5)
    )
    sales = (
        min(45 * UNIT, meetings * (UNIT * 15 // 2))
        + call_halves * (UNIT * 3)
        + demo * (UNIT * 25 // 2)
    )
    if trial:
        sales += 10 * UNIT
    if visits_7 >= 3:
        sales += 5 * UNIT
    if visits_30 >= 5:
        sales += 10 * UNIT
    elif visits_30 >= 2:
        sales += 5 * UNIT
    elif visits_30:
        sales += UNIT
    if watched > 300:
        sales += 4 * UNIT
    elif watched >= 1:
        sales += 2 * UNIT
    if chats_14 >= 2:
        sales += 6 * UNIT
    elif chats_30:
        sales += 2 * UNIT
    if latest is None or latest > 30 * DAY:
        sales -= 8 * UNIT
    if latest_but_sent is not None:
        sales -= min(12, latest_but_sent // (15 * DAY)) * UNIT
    return min(120 * UNIT, min(60 * UNIT, marketing) + min(90 * UNIT, max(-30 * UNIT, sales)))
