"""`xeducation.score` by hand: what a programmer would write who has never seen leadscore.

A lead is a row of the file, as text. Points are counted in thousandths.
"""

from __future__ import annotations

import re
from typing import Any

UNKNOWN = {"", "select", "other leads"}


def text(row: dict[str, str], column: str) -> str | None:
    value = row[column].strip().lower()
    return None if value in UNKNOWN else value


def number(row: dict[str, str], column: str) -> float | None:
    value = text(row, column)
    return None if value is None else float(value)


def clamp(value: int, low: int | None, high: int | None) -> int:
    if high is not None and value > high:
        value = high
    if low is not None and value < low:
        value = low
    return value


def words(value: str | None) -> list[str]:
    return re.findall(r"[a-z0-9]+", value or "")


def score(row: dict[str, str]) -> dict[str, Any]:
    out: dict[str, Any] = dict.fromkeys(
        ("score", "fit", "engagement", "label", "fit_label", "matrix", "fast_track", "excluded")
    )
    origin, source = text(row, "Lead Origin"), text(row, "Lead Source")
    tags, quality = text(row, "Tags"), text(row, "Lead Quality")
    city, country = text(row, "City"), text(row, "Country")
    special = text(row, "Specialization") or ""
    visits, pages = number(row, "TotalVisits"), number(row, "Page Views Per Visit")
    seconds = number(row, "Total Time Spent on Website")
    profile_score = number(row, "Asymmetrique Profile Score")
    activity_score = number(row, "Asymmetrique Activity Score")
    occupation = text(row, "What is your current occupation")
    heard = text(row, "How did you hear about X Education")
    no_email, no_call = text(row, "Do Not Email"), text(row, "Do Not Call")
    copy = text(row, "A free copy of Mastering The Interview")
    activity, notable = text(row, "Last Activity"), text(row, "Last Notable Activity")

    if origin == "quick add form":
        out["excluded"] = 'only when [Lead Origin] is not "Quick Add Form"'
        return out
    if no_email == "yes" and no_call == "yes":
        out["excluded"] = "exclude when no_email is yes and no_call is yes"
        return out
    if (
        "invalid number" in (tags or "")
        or "wrong number" in (tags or "")
        or (quality == "worst" and visits == 0)
    ):
        out["excluded"] = (
            'exclude when Tags contains any of "invalid number", "wrong number" '
            'or [Lead Quality] is "Worst" and visits = 0'
        )
        return out

    metro = city is not None and ("mumbai" in city or "thane" in city or "metro" in words(city))
    # "it " in the model is "it": its texts are trimmed too.
    manager = special.endswith("management") and not ("it" in special or "retail" in special)
    abroad = country is not None and country != "india"
    searched = source is not None and (
        source.endswith("oogle")
        or (len(source) == 4 and source[0] == "b" and source.endswith("ng"))
        or (source.startswith("organic") and not metro)
    )

    who = 0
    if occupation is None:
        who -= 4000
    elif occupation == "working professional":
        who += 18000
    elif occupation in ("student", "housewife"):
        who -= 2000
    elif occupation == "unemployed":
        who += 1000
    else:
        who += 7500
    if manager:
        who += 6000
    if metro:
        who += 3250
    if abroad and country not in ("united states", "singapore"):
        who -= 1125
    if "banking" in words(special) or "supply chain" in " ".join(words(special)):
        who += 4000
    if heard is None:
        who -= 3000
    if heard in ("word of mouth", "student of someschool"):
        who += 2001
    who = clamp(who, -8500, 33000)

    profile = 0
    if profile_score is not None:
        profile += min(int(profile_score // 4) * 1000, 4000)
        if profile_score >= 18:
            profile += 9000
        elif 16 <= profile_score <= 17:
            profile += 5500
        elif 14 <= profile_score <= 15:
            profile += 2000
        else:
            profile -= 2000
        if activity_score is not None and 100 * profile_score >= 110 * activity_score:
            profile += 1500
        if abroad:
            profile += 2500 if city is None else 2000 if city >= "o" else 1000

    origins = -2000
    if origin is None:
        origins -= 50000
    elif "form" in origin:
        origins += 4000
    elif origin == "api":
        origins += 1000
    if searched:
        origins += 3000

    site = 0
    if visits is not None and seconds is not None:
        site += min(int(seconds // 60) * 1000, 20000)
    if visits == 0:
        site -= 4000
    elif visits is not None and 1 <= visits <= 2:
        site += 1500
    elif visits is not None and 3 <= visits <= 5:
        site += 3000
    elif visits != 6:  # an unknown number of visits is not 6
        site += 6000
    else:
        site += 4750
    if pages is not None and visits is not None and 100 * pages >= 50 * visits:
        site += 2500
    if seconds == 0 and visits is not None and visits > 0:
        site -= 5000
    if pages is None:
        site -= 2500
    elif pages <= 0:
        pass
    elif pages < 2:
        site += 125
    elif pages > 9:
        site -= 1000
    else:
        site += 1750
    if pages is not None and visits is not None and pages < visits:
        site += 3000
    site = min(site, 35000)

    did = 0
    if activity != "email bounced" and no_call != "yes":
        if activity is None:
            did -= 1000
        elif activity == "sms sent":
            did += 12000
        elif activity in ("email opened", "email link clicked"):
            did += 6000
        elif "phone" in activity or "conversation" in activity:
            did += 9000
        if copy == "yes":
            did += 2000
        elif no_email == "no":
            did -= 1500
        if notable == "modified":
            did -= 2000
        elif notable is not None and notable == activity:
            did += 1000
        else:
            did += 500
        if tags in ("ringing", "switched off", "interested  in full time mba"):
            did -= 8000
        if (
            tags is not None
            and tags.startswith("will revert")
            and quality not in ("worst", "not sure")
        ):
            did += 10000

    fit = clamp(who + profile, -12000, 45000)
    engagement = min(site + did, 52500)
    total = clamp(fit + engagement + origins, 0, 100000)
    out.update(score=total, fit=fit, engagement=engagement)

    if tags == "closed by horizzon" or (
        text(row, "Lead Profile") == "potential lead" and seconds is not None and seconds > 1000
    ):
        out["fast_track"] = out["label"] = "Today"
    elif total >= 60000 and engagement >= 25000 and tags != "already a student":
        out["label"] = "Call"
    elif total >= 35001:
        out["label"] = "Write"
    elif total >= 15000 and fit < 30000:
        out["label"] = "Wait"
    elif total < 15000:
        out["label"] = "Drop"
    if fit >= 25000:
        out["fit_label"] = "Good"
    elif fit >= 6250 and occupation is not None:
        out["fit_label"] = "Fair"
    elif fit < 10000:
        out["fit_label"] = "Poor"
    if engagement >= 12500:
        column = "A" if fit >= 20000 else "B" if fit >= 5000 else "C"
        out["matrix"] = ("1" if engagement >= 30000 else "2") + column
    return out
