"""The model of `models/many_leads.score` in JSONLogic, on the input of peer_inputs.

The operators are those of the standard and datalogic's own for texts, slices and rounding. One rule
gives the points of fit, another those of engagement in units; the events of a rule are found by
`filter` and summed by `reduce`, the newest N are a `slice`.
"""

from __future__ import annotations

from typing import Any

from benchmarks.peer_inputs import DAY, UNIT

Logic = Any
"""JSON."""


def var(name: str) -> Logic:
    return {"var": name}


def when(condition: Logic, then: Logic, *rest: Logic) -> Logic:
    """The first that holds; 0 where none does."""
    return {"if": [condition, then, *rest, 0] if len(rest) % 2 == 0 else [condition, then, *rest]}


def one_of(name: str, *texts: str) -> Logic:
    return {"in": [var(name), list(texts)]}


def known(name: str) -> Logic:
    return {"!==": [var(name), None]}


def between(name: str, low: float, high: float) -> Logic:
    return {"and": [known(name), {"<=": [low, var(name), high]}]}


def at_least(name: str, low: float) -> Logic:
    return {"and": [known(name), {">=": [var(name), low]}]}


def has(name: str, *parts: str) -> Logic:
    """A text holds one of the parts, in any case of letters; a null text holds none."""
    found = [{"in": [part, {"lower": [var(name)]}]} for part in parts]
    return found[0] if len(found) == 1 else {"or": found}


def full(value: Logic, size: int) -> Logic:
    """How many times a size goes into a value."""
    return {"floor": [{"/": [value, size]}]}


def fit() -> Logic:
    """Whole points."""
    mail = {"lower": [var("email")]}
    free = [{"ends_with": [mail, end]} for end in ("@gmail.com", "@yahoo.com", "@web.de")]
    company = [
        when(one_of("industry", "Software", "SaaS"), 20),
        when(
            {
                "and": [
                    one_of("industry", "Education", "Government"),
                    known("employees"),
                    {"<": [var("employees"), 50]},
                ]
            },
            -10,
        ),
        {
            "if": [
                {"===": [var("employees"), None]},
                -1,
                {"<=": [1, var("employees"), 10]},
                2,
                {"<=": [11, var("employees"), 200]},
                10,
                {"<=": [201, var("employees"), 1000]},
                15,
                {">": [var("employees"), 1000]},
                12,
                0,
            ]
        },
        when(at_least("revenue", 1_000_000), 8),
        when(between("revenue", 100_000, 999_000), 4),
        when(one_of("country", "Germany", "Austria", "Switzerland"), 5),
        when({"===": [var("country"), None]}, -3),
        when({"===": [var("plan"), "Enterprise"]}, 12, {"===": [var("plan"), "Team"]}, 6),
        when(
            {
                "and": [
                    known("budget"),
                    known("deal_size"),
                    {">=": [{"*": [100, var("budget")]}, {"*": [80, var("deal_size")]}]},
                ]
            },
            4,
        ),
        when(
            {"===": [var("lifecycle"), "opportunity"]},
            9,
            {"and": [{"===": [var("lifecycle"), "lead"]}, known("owner")]},
            5,
            {
                "and": [
                    {"!==": [var("lifecycle"), "customer"]},
                    known("budget"),
                    {">": [var("budget"), 0]},
                ]
            },
            2,
        ),
    ]
    person = [
        when(
            {
                "and": [
                    at_least("employees", 50),
                    has("job_title", "vp", "chief", "director", "head"),
                ]
            },
            10,
        ),
        when(has("job_title", "marketing", "sales"), 7),
        when(has("job_title", "student", "intern"), -20),
        when({"and": [known("email"), {"or": free}]}, -15),
        when({"and": [known("phone"), {"===": [var("language"), "English"]}]}, 3),
        when(
            one_of("source", "Referral", "Partner"),
            12,
            {"===": [var("source"), "Webinar"]},
            8,
            {"===": [var("source"), "Paid search"]},
            3,
        ),
        when({"and": [{"===": [var("newsletter"), True]}, {"!==": [var("opted_out"), True]}]}, 6),
        when({"or": [between("signup_age", 0, 14 * DAY), at_least("nps", 9)]}, 5),
        when(
            at_least("last_seen_age", 0),
            {"-": [0, {"min": [10, full(var("last_seen_age"), 30 * DAY)]}]},
        ),
        when(known("page_views"), {"min": [12, {"*": [2, full(var("page_views"), 10)]}]}),
    ]
    return {
        "min": [
            90,
            {"+": [{"min": [55, {"+": company}]}, {"max": [-30, {"min": [45, {"+": person}]}]}]},
        ]
    }


def events_of(kind: str, days: int, *tests: Logic) -> Logic:
    """The events of a type within so many days, that pass the tests, newest first."""
    found = {"and": [{"===": [var("event"), kind]}, {"<=": [0, var("age"), days * DAY]}, *tests]}
    return {"filter": [var("events"), found]}


def total(of: Logic, value: Logic) -> Logic:
    """The sum of a value of the events; in it, an event is `current`."""
    return {"reduce": [of, {"+": [var("accumulator"), value]}, 0]}


def steps(days: int, all_of: int) -> Logic:
    """The steps of decay that are left of an event, never below 0."""
    return {"max": [0, {"-": [all_of, full(var("current.age"), days * DAY)]}]}


def number(of: Logic) -> Logic:
    return {"length": [of]}


def newest(of: Logic, count: int) -> Logic:
    return {"slice": [of, 0, count]}


def engagement() -> Logic:
    """Units."""
    quarters, halves = steps(30, 4), steps(60, 2)
    seen = {"<=": [0, var("age"), 180 * DAY]}
    spring = {"in": [var("campaign"), ["spring", "brand"]]}
    lasting = {"and": [{"!==": [var("seconds"), None]}, {">": [var("seconds"), 60]}]}
    hours_left = {"max": [0, {"-": [672, full(var("current.age"), 3600)]}]}
    watched = {
        "filter": [
            var("events"),
            {
                "and": [
                    {"in": [var("event"), ["Video", "Webinar attended"]]},
                    {"<=": [0, var("age"), 90 * DAY]},
                    {"!==": [var("seconds"), None]},
                ]
            },
        ]
    }
    watched_seconds = total(watched, var("current.seconds"))
    visits = number(events_of("Visit", 30))
    but_sent = {"filter": [var("events"), {"and": [{"!==": [var("event"), "Email sent"]}, seen]}]}
    marketing = [
        {"*": [UNIT // 2, total(newest(events_of("Email open", 180), 5), quarters)]},
        {"*": [UNIT * 3 // 4, total(events_of("Email click", 90), quarters)]},
        {
            "*": [
                UNIT * 3 // 2,
                total(
                    events_of("Email click", 180, {"in": ["pricing", var("campaign")]}), quarters
                ),
            ]
        },
        {
            "min": [
                30 * UNIT,
                {
                    "*": [
                        UNIT * 5 // 4,
                        total(
                            events_of("Page view", 60, {"in": ["/pricing", var("url")]}), quarters
                        ),
                    ]
                },
            ]
        },
        {"*": [UNIT, number(events_of("Page view", 14))]},
        {
            "*": [
                UNIT * 5 // 2,
                total(newest(events_of("Whitepaper download", 180), 1), quarters),
            ]
        },
        {
            "*": [
                UNIT * 2,
                total(
                    events_of(
                        "Webinar attended",
                        180,
                        {"!==": [var("seconds"), None]},
                        {">=": [var("seconds"), 120]},
                    ),
                    quarters,
                ),
            ]
        },
        total(
            events_of("Form submission", 30),
            {"floor": [{"/": [{"*": [4 * UNIT, hours_left]}, 672]}]},
        ),
        {"*": [-5 * UNIT, number(events_of("Unsubscribe", 180))]},
        {"*": [UNIT * 3 // 4, total(newest(events_of("Video", 120, lasting), 3), quarters)]},
    ]
    sales = [
        {
            "min": [
                45 * UNIT,
                {"*": [UNIT * 15 // 2, total(events_of("Meeting completed", 90), halves)]},
            ]
        },
        {"*": [UNIT * 3, total(newest(events_of("Call", 180, spring), 4), halves)]},
        {"*": [UNIT * 25 // 2, total(newest(events_of("Demo", 180), 1), halves)]},
        when({">": [number(events_of("Trial", 30)), 0]}, 10 * UNIT),
        when({">=": [number(events_of("Visit", 7)), 3]}, 5 * UNIT),
        when(
            {">=": [visits, 5]},
            10 * UNIT,
            {">=": [visits, 2]},
            5 * UNIT,
            {"===": [visits, 1]},
            UNIT,
        ),
        when({">": [watched_seconds, 300]}, 4 * UNIT, {">=": [watched_seconds, 1]}, 2 * UNIT),
        when(
            {">=": [number(events_of("Chat", 14)), 2]},
            6 * UNIT,
            {">=": [number(events_of("Chat", 30)), 1]},
            2 * UNIT,
        ),
        when({"none": [var("events"), {"<=": [0, var("age"), 30 * DAY]}]}, -8 * UNIT),
        total(
            newest(but_sent, 1),
            {"*": [-UNIT, {"min": [12, full(var("current.age"), 15 * DAY)]}]},
        ),
    ]
    return {
        "min": [
            120 * UNIT,
            {
                "+": [
                    {"min": [60 * UNIT, {"+": marketing}]},
                    {"max": [-30 * UNIT, {"min": [90 * UNIT, {"+": sales}]}]},
                ]
            },
        ]
    }
