"""The model of `models/many_leads.score` for GoRules' zen-engine, on the input of peer_inputs.

In two ways. As one compiled expression of the ZEN language, the fastest that the engine has: names
are assigned, events found by `filter` and summed by `sum(map(…))`. And as a decision graph, the way
its editor writes decisions: a table for each group on properties that collects the points of the
rows that hold, a node of expressions with one line for each rule on events, a node for the totals.
"""

from __future__ import annotations

import json
import re
from itertools import pairwise

from benchmarks.peer_inputs import DAY, UNIT

COMPANY = (
    ("industry in ['Software', 'SaaS']", "20"),
    ("industry in ['Education', 'Government'] and employees != null and employees < 50", "-10"),
    (
        "true",
        "employees == null ? -1 : employees > 1000 ? 12 : employees > 200 ? 15 "
        ": employees > 10 ? 10 : employees >= 1 ? 2 : 0",
    ),
    ("revenue != null and revenue >= 1000000", "8"),
    ("revenue != null and revenue in [100000..999000]", "4"),
    ("country in ['Germany', 'Austria', 'Switzerland']", "5"),
    ("country == null", "-3"),
    ("true", "plan == 'Enterprise' ? 12 : plan == 'Team' ? 6 : 0"),
    ("budget != null and deal_size != null and 100 * budget >= 80 * deal_size", "4"),
    (
        "true",
        "lifecycle == 'opportunity' ? 9 : lifecycle == 'lead' and owner != null ? 5 "
        ": lifecycle != 'customer' and budget != null and budget > 0 ? 2 : 0",
    ),
)
"""A condition, and the points where it holds."""

PERSON = (
    (
        "employees != null and employees >= 50 and (contains(title, 'vp') "
        "or contains(title, 'chief') or contains(title, 'director') or contains(title, 'head'))",
        "10",
    ),
    ("contains(title, 'marketing') or contains(title, 'sales')", "7"),
    ("contains(title, 'student') or contains(title, 'intern')", "-20"),
    (
        "endsWith(mail, '@gmail.com') or endsWith(mail, '@yahoo.com') or endsWith(mail, '@web.de')",
        "-15",
    ),
    ("phone != null and language == 'English'", "3"),
    (
        "true",
        "source in ['Referral', 'Partner'] ? 12 : source == 'Webinar' ? 8 "
        ": source == 'Paid search' ? 3 : 0",
    ),
    ("newsletter == true and opted_out != true", "6"),
    (
        f"(signup_age != null and signup_age in [0..{14 * DAY}]) or (nps != null and nps >= 9)",
        "5",
    ),
    (
        "last_seen_age != null and last_seen_age >= 0",
        f"-min([10, floor(last_seen_age / {30 * DAY})])",
    ),
    ("page_views != null", "min([12, 2 * floor(page_views / 10)])"),
)

TEXTS = (("title", "lower(job_title ?? '')"), ("mail", "lower(email ?? '')"))
"""What several rules read."""

QUARTERS = f"max([0, 4 - floor(#.age / {30 * DAY})])"
HALVES = f"max([0, 2 - floor(#.age / {60 * DAY})])"


def _events(kind: str, days: int, test: str = "") -> str:
    """The events of a type within so many days, newest first."""
    more = f" and {test}" if test else ""
    return f"filter(seen, #.event == '{kind}' and #.age <= {days * DAY}{more})"


def _count(kind: str, days: int) -> str:
    return f"count(seen, #.event == '{kind}' and #.age <= {days * DAY})"


def _sum(events: str, value: str) -> str:
    return f"sum(map({events}, {value}))"


def _newest(name: str, count: int, value: str) -> str:
    # A slice includes its end, and must lie within the list.
    few = f"len({name}) > {count} ? {name}[0:{count - 1}] : {name}"
    return f"sum(map(({few}), {value}))"


LISTS = (
    ("seen", f"filter(events, #.age >= 0 and #.age <= {180 * DAY})"),
    ("opens", _events("Email open", 180)),
    ("videos", _events("Video", 120, "#.seconds != null and #.seconds > 60")),
    ("calls", _events("Call", 180, "#.campaign in ['spring', 'brand']")),
    ("papers", _events("Whitepaper download", 180)),
    ("demos", _events("Demo", 180)),
    ("other", "filter(seen, #.event != 'Email sent')"),
    ("visits", _count("Visit", 30)),
    (
        "watched",
        _sum(
            "filter(seen, #.event in ['Video', 'Webinar attended'] "
            f"and #.age <= {90 * DAY} and #.seconds != null)",
            "#.seconds",
        ),
    ),
)
"""What several expressions read."""

PRICING_CLICKS = _events(
    "Email click", 180, "#.campaign != null and contains(#.campaign, 'pricing')"
)
PRICING_PAGES = _events("Page view", 60, "#.url != null and contains(#.url, '/pricing')")
LONG_WEBINARS = _events("Webinar attended", 180, "#.seconds != null and #.seconds >= 120")
HOURS_LEFT = "max([0, 672 - floor(#.age / 3600)])"

MARKETING = (
    f"{_newest('opens', 5, QUARTERS)} * {UNIT // 2}",
    f"{_sum(_events('Email click', 90), QUARTERS)} * {UNIT * 3 // 4}",
    f"{_sum(PRICING_CLICKS, QUARTERS)} * {UNIT * 3 // 2}",
    f"min([{30 * UNIT}, {_sum(PRICING_PAGES, QUARTERS)} * {UNIT * 5 // 4}])",
    f"{_count('Page view', 14)} * {UNIT}",
    f"{_newest('papers', 1, QUARTERS)} * {UNIT * 5 // 2}",
    f"{_sum(LONG_WEBINARS, QUARTERS)} * {UNIT * 2}",
    _sum(_events("Form submission", 30), f"floor({4 * UNIT} * {HOURS_LEFT} / 672)"),
    f"{_count('Unsubscribe', 180)} * -{UNIT * 5}",
    f"{_newest('videos', 3, QUARTERS)} * {UNIT * 3 // 4}",
)

SALES = (
    f"min([{45 * UNIT}, {_sum(_events('Meeting completed', 90), HALVES)} * {UNIT * 15 // 2}])",
    f"{_newest('calls', 4, HALVES)} * {UNIT * 3}",
    f"{_newest('demos', 1, HALVES)} * {UNIT * 25 // 2}",
    f"({_count('Trial', 30)} > 0 ? {10 * UNIT} : 0)",
    f"({_count('Visit', 7)} >= 3 ? {5 * UNIT} : 0)",
    f"(visits >= 5 ? {10 * UNIT} : visits >= 2 ? {5 * UNIT} : visits == 1 ? {UNIT} : 0)",
    f"(watched > 300 ? {4 * UNIT} : watched >= 1 ? {2 * UNIT} : 0)",
    f"({_count('Chat', 14)} >= 2 ? {6 * UNIT} : {_count('Chat', 30)} >= 1 ? {2 * UNIT} : 0)",
    f"(len(seen) > 0 and seen[0].age <= {30 * DAY} ? 0 : -{8 * UNIT})",
    f"(len(other) > 0 ? -min([12, floor(other[0].age / {15 * DAY})]) * {UNIT} : 0)",
)


def _assigned(names: tuple[tuple[str, str], ...]) -> str:
    return "".join(f"{name} = {value}; " for name, value in names)


def _rules(rules: tuple[tuple[str, str], ...]) -> str:
    return " + ".join(
        f"({points})" if condition == "true" else f"({condition} ? {points} : 0)"
        for condition, points in rules
    )


def fit_expression() -> str:
    """Whole points."""
    return (
        f"{_assigned(TEXTS)}company = {_rules(COMPANY)}; person = {_rules(PERSON)}; "
        "min([90, min([55, company]) + max([-30, min([45, person])])])"
    )


def engagement_expression() -> str:
    """Units."""
    return (
        f"{_assigned(LISTS)}marketing = {' + '.join(MARKETING)}; sales = {' + '.join(SALES)}; "
        f"min([{120 * UNIT}, min([{60 * UNIT}, marketing]) "
        f"+ max([-{30 * UNIT}, min([{90 * UNIT}, sales])])])"
    )


def _expressions(id: str, lines: list[tuple[str, str]]) -> dict[str, object]:
    """A node of named expressions; what was read goes on with what they give."""
    expressions = [
        {"id": f"{id}-{number}", "key": key, "value": value}
        for number, (key, value) in enumerate(lines)
    ]
    content = {"expressions": expressions, "passThrough": True, "inputField": None}
    content |= {"outputPath": None, "executionMode": "single"}
    return {"id": id, "name": id, "type": "expressionNode", "content": content}


def _table(id: str, rules: tuple[tuple[str, str], ...]) -> dict[str, object]:
    """A decision table: the points of all rows that hold, as a list at `id`."""
    rows = [
        {"_id": f"{id}-{number}", "in": condition, "out": points}
        for number, (condition, points) in enumerate(rules)
    ]
    content = {
        "hitPolicy": "collect",
        "inputs": [{"id": "in", "name": "holds"}],
        "outputs": [{"id": "out", "name": "points", "field": "points"}],
        "rules": rows,
        "passThrough": True,
        "inputField": None,
        "outputPath": id,
        "executionMode": "single",
    }
    return {"id": id, "name": id, "type": "decisionTableNode", "content": content}


def graph(*, events: bool) -> str:
    """A decision graph as JSON; its result has `fit` in whole points, `engagement` in units."""
    totals = [
        (
            "fit",
            "min([90, min([55, sum(map(company, #.points))]) "
            "+ max([-30, min([45, sum(map(person, #.points))])])])",
        )
    ]
    nodes = [
        _expressions("texts", list(TEXTS)),
        _table("company", COMPANY),
        _table("person", PERSON),
    ]
    if events:
        lines = list(LISTS)
        lines += [(f"marketing_{number}", rule) for number, rule in enumerate(MARKETING)]
        lines += [(f"sales_{number}", rule) for number, rule in enumerate(SALES)]
        # What a node has worked out is `$` to its later lines.
        names = [name for name, _ in LISTS]
        nodes.append(_expressions("behaviour", [(key, _own(value, names)) for key, value in lines]))
        marketing = " + ".join(f"marketing_{number}" for number in range(len(MARKETING)))
        sales = " + ".join(f"sales_{number}" for number in range(len(SALES)))
        totals.append(
            (
                "engagement",
                f"min([{120 * UNIT}, min([{60 * UNIT}, {marketing}]) "
                f"+ max([-{30 * UNIT}, min([{90 * UNIT}, {sales}])])])",
            )
        )
    last = _expressions("totals", totals)
    last["content"]["passThrough"] = False  # type: ignore[index]  # a dict, made just above
    nodes.append(last)
    chain: list[dict[str, object]] = [
        {"id": "input", "name": "input", "type": "inputNode", "content": {}},
        *nodes,
        {"id": "output", "name": "output", "type": "outputNode", "content": {}},
    ]
    edges = [
        {"id": f"edge-{number}", "type": "edge", "sourceId": one["id"], "targetId": two["id"]}
        for number, (one, two) in enumerate(pairwise(chain))
    ]
    return json.dumps({"nodes": chain, "edges": edges})


def _own(expression: str, names: list[str]) -> str:
    """The expression with names that the same node has worked out before."""
    return re.sub(rf"(?<![\w.'#])({'|'.join(names)})(?![\w'])", r"$.\1", expression)
