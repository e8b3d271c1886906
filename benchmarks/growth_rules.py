"""Models of any number of rules, with the queries that an expert and a beginner write for them.

Half of the rules are on properties, half on events, of ten kinds each, in four groups, the two on
events with decay; the kinds come round with other types, windows, texts and points. Every kind says
what it is in the three notations side by side.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from benchmarks.crm_data import CAMPAIGNS, COUNTRIES, INDUSTRIES, PAGES
from benchmarks.sql_peers import query

UNIT = 10_000_000
DAY = 86_400

TYPES = (
    *("Email open", "Page view", "Visit", "Email click", "Video", "Call", "Chat"),
    *("Form submission", "Webinar attended", "Meeting completed", "Whitepaper download"),
    *("Unsubscribe", "Trial", "Demo", "Email sent", "Webinar registered"),
)
WINDOWS = (90, 30, 180, 14, 60, 7)
TITLES = ("sales", "marketing", "director", "head", "student", "intern", "chief", "product")
HOSTS = ("gmail.com", "yahoo.com", "web.de", "shop.example")
ORIGINS = ("Referral", "Partner", "Webinar", "Paid search", "Event", "Organic")

QUARTERS = "greatest(0, 4 - age // 2592000)"
HALVES = "greatest(0, 2 - age // 5184000)"


@dataclass(frozen=True, slots=True)
class OnProperties:
    """A rule on properties."""

    lines: tuple[str, ...]
    """In the language."""
    points: str
    """In SQL: whole points."""


@dataclass(frozen=True, slots=True)
class OnEvents:
    """A rule on events."""

    lines: tuple[str, ...]
    """In the language."""
    aggregate: str
    """Of the expert's one scan; `age` is in seconds, up to 180 days."""
    points: str
    """In units, from the column `{n}` that the aggregate became, which may be null."""
    where: str
    """Of the beginner's own query, beside the time: the same events."""
    days: int
    """The window of the beginner's own query."""
    own: str
    """What the beginner's query selects as the column that `points` starts from."""
    latest: int = 0
    """Above 0: the beginner numbers the events, and keeps so many."""


@dataclass(frozen=True, slots=True)
class Model:
    """A model in three notations; all give the same scores."""

    score: str
    filter: str
    naive: str


def _industry(i: int) -> OnProperties:
    one, two, points = INDUSTRIES[i % 9], INDUSTRIES[(i + 4) % 9], i % 11 + 1
    return OnProperties(
        (f'+{points} if industry is any of "{one}", "{two}"',),
        f"CASE WHEN industry IN ('{one}', '{two}') THEN {points} ELSE 0 END",
    )


def _size(i: int) -> OnProperties:
    low, high = 5 + i, 200 + 40 * i
    return OnProperties(
        (
            "by employees",
            f"  1 to {low}: +2",
            f"  {low + 1} to {high}: +7",
            f"  > {high}: +9",
            "  unknown: -1",
        ),
        f"CASE WHEN employees BETWEEN 1 AND {low} THEN 2 "
        f"WHEN employees BETWEEN {low + 1} AND {high} THEN 7 "
        f"WHEN employees > {high} THEN 9 WHEN employees IS NULL THEN -1 ELSE 0 END",
    )


def _title(i: int) -> OnProperties:
    one, two, points = TITLES[i % 8], TITLES[(i + 3) % 8], i % 7 + 1
    return OnProperties(
        (f'+{points} if job_title contains any of "{one}", "{two}"',),
        f"CASE WHEN contains(lower(job_title), '{one}') OR contains(lower(job_title), '{two}') "
        f"THEN {points} ELSE 0 END",
    )


def _signup(i: int) -> OnProperties:
    days, points = 10 + 9 * i, i % 5 + 1
    return OnProperties(
        (f"+{points} if signup is within the last {days} days",),
        f"CASE WHEN signup BETWEEN $as_of - INTERVAL {days} DAY AND $as_of "
        f"THEN {points} ELSE 0 END",
    )


def _source(i: int) -> OnProperties:
    one, two = ORIGINS[i % 6], ORIGINS[(i + 2) % 6]
    return OnProperties(
        ("by source", f'  "{one}": +{i % 9 + 4}', f'  "{two}": +3', "  otherwise: 0"),
        f"CASE source WHEN '{one}' THEN {i % 9 + 4} WHEN '{two}' THEN 3 ELSE 0 END",
    )


def _mail(i: int) -> OnProperties:
    host, points = HOSTS[i % 4], i % 8 + 2
    return OnProperties(
        (f'-{points} if email ends with "@{host}" and employees < {1000 + i}',),
        f"CASE WHEN ends_with(lower(email), '@{host}') AND employees < {1000 + i} "
        f"THEN -{points} ELSE 0 END",
    )


def _country(i: int) -> OnProperties:
    one, two, points = COUNTRIES[i % 8], COUNTRIES[(i + 3) % 8], i % 6 + 1
    return OnProperties(
        (f'+{points} if country is any of "{one}", "{two}"',),
        f"CASE WHEN country IN ('{one}', '{two}') THEN {points} ELSE 0 END",
    )


def _money(i: int) -> OnProperties:
    low, points = 10_000 * (i + 1), i % 9 + 1
    return OnProperties(
        (f'+{points} if revenue is between {low} and {low * 9} and plan is not "Free"',),
        f"CASE WHEN revenue BETWEEN {low} AND {low * 9} AND plan IS DISTINCT FROM 'Free' "
        f"THEN {points} ELSE 0 END",
    )


def _pages(i: int) -> OnProperties:
    step = i % 12 + 5
    return OnProperties(
        (f"+1 for each {step} of page_views limit {step}",),
        f"CASE WHEN page_views >= 0 THEN least({step}, page_views // {step}) ELSE 0 END",
    )


def _last_seen(i: int) -> OnProperties:
    days = i % 20 + 20
    return OnProperties(
        (f"-1 for each {days} days since last_seen limit -10",),
        "CASE WHEN last_seen <= $as_of THEN greatest(-10, "
        f"-(date_diff('second', last_seen, $as_of) // {days * DAY})) ELSE 0 END",
    )


def _each(i: int, steps: str, size: int) -> OnEvents:
    kind, days, points = TYPES[i % 16], WINDOWS[i % 6], i % 9 + 1
    return OnEvents(
        (f'+{points} for each "{kind}" in the last {days} days',),
        f"sum({steps}) FILTER (event = '{kind}' AND age <= {days * DAY})",
        f"coalesce({{n}}, 0) * {points * size}",
        f"event = '{kind}'",
        days,
        f"sum({steps})",
    )


def _latest(i: int, steps: str, size: int) -> OnEvents:
    kind, latest, points = TYPES[i % 16], i % 4 + 2, i % 5 + 1
    return OnEvents(
        (f'+{points} for each "{kind}" in the last 180 days latest {latest}',),
        f"list_sum(list_transform(min(age, {latest}) FILTER (event = '{kind}'), "
        f"lambda age: {steps}))",
        f"coalesce({{n}}, 0) * {points * size}",
        f"event = '{kind}'",
        180,
        f"sum({steps})",
        latest,
    )


def _where(i: int, steps: str, size: int) -> OnEvents:
    kind, days, points = TYPES[i % 7], WINDOWS[(i + 2) % 6], i % 7 + 1
    part = CAMPAIGNS[i % 7][:6]
    return OnEvents(
        (f'+{points} for each "{kind}" where campaign contains "{part}" in the last {days} days',),
        f"sum({steps}) FILTER (event = '{kind}' AND contains(campaign, '{part}') "
        f"AND age <= {days * DAY})",
        f"coalesce({{n}}, 0) * {points * size}",
        f"event = '{kind}' AND contains(campaign, '{part}')",
        days,
        f"sum({steps})",
    )


def _counted(i: int, steps: str, size: int) -> OnEvents:
    kind, days, points = TYPES[i % 16], WINDOWS[(i + 1) % 6], i % 6 + 1
    return OnEvents(
        (
            f'by count of "{kind}" in the last {days} days',
            "  1: +1",
            f"  2 to 4: +{points + 1}",
            f"  >= 5: +{points + 4}",
        ),
        f"count(*) FILTER (event = '{kind}' AND age <= {days * DAY})",
        f"CASE WHEN {{n}} = 1 THEN 1 WHEN {{n}} BETWEEN 2 AND 4 THEN {points + 1} "
        f"WHEN {{n}} >= 5 THEN {points + 4} ELSE 0 END * {UNIT}",
        f"event = '{kind}'",
        days,
        "count(*)",
    )


def _once(i: int, steps: str, size: int) -> OnEvents:
    kind, points = TYPES[i % 16], i % 12 + 3
    return OnEvents(
        (f'+{points} once for "{kind}" in the last 180 days',),
        f"min(age) FILTER (event = '{kind}')",
        f"coalesce({steps.replace('age', '{n}')}, 0) * {points * size}",
        f"event = '{kind}'",
        180,
        "min(age)",
    )


def _often(i: int, steps: str, size: int) -> OnEvents:
    kind, days, points, times = TYPES[i % 7], WINDOWS[i % 6], i % 9 + 2, i % 3 + 2
    return OnEvents(
        (f'+{points} if event "{kind}" at least {times} times in the last {days} days',),
        f"count(*) FILTER (event = '{kind}' AND age <= {days * DAY})",
        f"CASE WHEN {{n}} >= {times} THEN {points * UNIT} ELSE 0 END",
        f"event = '{kind}'",
        days,
        "count(*)",
    )


def _page(i: int, steps: str, size: int) -> OnEvents:
    page, days, points = PAGES[i % 8], WINDOWS[(i + 3) % 6], i % 5 + 1
    return OnEvents(
        (
            f'+{points} for each "Page view" where url contains "/{page}" '
            f"in the last {days} days no decay",
        ),
        f"count(*) FILTER (event = 'Page view' AND contains(url, '/{page}') "
        f"AND age <= {days * DAY})",
        f"coalesce({{n}}, 0) * {points * UNIT}",
        f"event = 'Page view' AND contains(url, '/{page}')",
        days,
        "count(*)",
    )


def _watched(i: int, steps: str, size: int) -> OnEvents:
    kind, days, bound = TYPES[i % 11], WINDOWS[(i + 4) % 6], 100 + 10 * i
    return OnEvents(
        (
            f'by total of seconds in "{kind}" in the last {days} days',
            f"  1 to {bound}: +2",
            f"  > {bound}: +4",
        ),
        f"sum(seconds) FILTER (event = '{kind}' AND age <= {days * DAY})",
        f"CASE WHEN {{n}} BETWEEN 1 AND {bound} THEN {2 * UNIT} WHEN {{n}} > {bound} "
        f"THEN {4 * UNIT} ELSE 0 END",
        f"event = '{kind}'",
        days,
        "sum(seconds)",
    )


def _none(i: int, steps: str, size: int) -> OnEvents:
    kind, days, points = TYPES[i % 4], WINDOWS[i % 6], i % 6 + 1
    return OnEvents(
        (f'-{points} if no event "{kind}" in the last {days} days',),
        f"count(*) FILTER (event = '{kind}' AND age <= {days * DAY})",
        f"CASE WHEN coalesce({{n}}, 0) = 0 THEN -{points * UNIT} ELSE 0 END",
        f"event = '{kind}'",
        days,
        "count(*)",
    )


def _quiet(i: int, steps: str, size: int) -> OnEvents:
    kind, days = TYPES[i % 16], i % 20 + 10
    return OnEvents(
        (
            f'-1 for each {days} days without any event except "{kind}" in the last 180 days '
            "limit -9",
        ),
        f"min(age) FILTER (event <> '{kind}')",
        f"greatest(-9, coalesce(-({{n}} // {days * DAY}), 0)) * {UNIT}",
        f"event <> '{kind}'",
        180,
        "min(age)",
    )


PROPERTY_KINDS: tuple[Callable[[int], OnProperties], ...] = (
    *(_industry, _size, _title, _signup, _source),
    *(_mail, _country, _money, _last_seen, _pages),
)
EVENT_KINDS: tuple[Callable[[int, str, int], OnEvents], ...] = (
    *(_each, _latest, _where, _counted, _quiet),
    *(_once, _often, _page, _watched, _none),
)

HEAD = """score "Growth" for contacts
limit -1000 to 3000
fit limit 500
engagement limit 2500

properties
  employees: number
  revenue: number
  page_views: number
  signup: date
  last_seen: date
"""

RESULT = f"""
, categories AS (
  SELECT
    id,
    least(500, company + person) * {UNIT} AS fit,
    least(2500::BIGINT * {UNIT}, marketing + sales)::BIGINT AS engagement
  FROM person_and_company JOIN behaviour USING (id)
), scores AS (
  SELECT
    *,
    least(3000::BIGINT * {UNIT}, greatest(-1000::BIGINT * {UNIT}, fit + engagement)) AS score
  FROM categories
)
SELECT
  id, score,
  CASE WHEN score >= {40 * UNIT} THEN 'Warm' ELSE 'Cold' END AS label,
  fit, engagement
FROM scores
"""


def model(rules: int) -> Model:
    """A model of so many rules, at least 4, an even number."""
    half = rules // 2
    fits = [PROPERTY_KINDS[i % 10](i) for i in range(half)]
    acts = [
        EVENT_KINDS[i % 10](i, HALVES if i % 2 else QUARTERS, UNIT // (2 if i % 2 else 4))
        for i in range(half)
    ]
    properties = f"""person_and_company AS (
  SELECT
    id,
    least(300, {_sum(rule.points for rule in fits[::2])}) AS company,
    least(1000, greatest(-100, {_sum(rule.points for rule in fits[1::2])})) AS person
  FROM leads
)"""
    score = [HEAD, 'group "Company" as fit limit 300', *_lines(fits[::2])]
    score += ['group "Person" as fit limit -100 to 1000', *_lines(fits[1::2])]
    score += ['group "Marketing" as engagement limit 1500 decay 25% every 30 days']
    score += [
        *_lines(acts[::2]),
        'group "Sales" as engagement limit -300 to 1500 decay 50% every 60 days',
    ]
    score += [*_lines(acts[1::2]), "labels", '  "Warm" from 40', '  "Cold" below 40']
    return Model(
        "\n".join(score) + "\n",
        query(properties, _filter(acts), RESULT),
        query(properties, _naive(acts), RESULT),
    )


def _lines(rules: Sequence[OnProperties] | Sequence[OnEvents]) -> list[str]:
    return ["  " + line for rule in rules for line in rule.lines]


def _sum(points: Iterable[str]) -> str:
    return "\n      + ".join(points)


def _behaviour(acts: Sequence[OnEvents], column: str, source: str) -> str:
    points = [rule.points.format(n=column.format(n=n)) for n, rule in enumerate(acts)]
    return f"""behaviour AS (
  SELECT
    id,
    least({1500 * UNIT}::BIGINT, {_sum(points[::2])}) AS marketing,
    least({1500 * UNIT}::BIGINT, greatest(-{300 * UNIT}::BIGINT, {_sum(points[1::2])})) AS sales
  FROM {source}
)"""


def _filter(acts: Sequence[OnEvents]) -> str:
    aggregates = ",\n    ".join(f"{rule.aggregate} AS n{n}" for n, rule in enumerate(acts))
    return f""", activity AS (
  SELECT
    lead_id,
    {aggregates}
  FROM (
    SELECT lead_id, event, campaign, url, seconds, date_diff('second', time, $as_of) AS age
    FROM events
    WHERE time BETWEEN $as_of - INTERVAL 180 DAY AND $as_of
  )
  GROUP BY lead_id
), """ + _behaviour(acts, "n{n}", "leads LEFT JOIN activity ON lead_id = id")


def _naive(acts: Sequence[OnEvents]) -> str:
    queries = ""
    joins = "leads"
    for n, rule in enumerate(acts):
        number = ""
        if rule.latest:
            number = ", row_number() OVER (PARTITION BY lead_id ORDER BY time DESC) AS number"
        keep = f"WHERE number <= {rule.latest}" if rule.latest else ""
        queries += f""", r{n} AS (
  SELECT lead_id, {rule.own} AS n
  FROM (
    SELECT lead_id, seconds, date_diff('second', time, $as_of) AS age{number}
    FROM events
    WHERE {rule.where} AND time BETWEEN $as_of - INTERVAL {rule.days} DAY AND $as_of
  )
  {keep}
  GROUP BY lead_id
)"""
        joins += f"\n  LEFT JOIN r{n} ON r{n}.lead_id = id"
    return queries + ", " + _behaviour(acts, "r{n}.n", joins)
