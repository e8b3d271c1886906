"""The model of `models/many_leads.score` in pandas and numpy, as who knows both writes it.

The events of the longest window are read with the filter pushed into the file, types and texts as
categories, so that a comparison of texts is one of codes, and leads as their places in the table.
Each rule is a mask, and `numpy.bincount` sums by lead. That sums doubles, but whole numbers far
below 2^53, so exactly. Everything else is in integers.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from benchmarks.crm_data import AS_OF, Tables

if TYPE_CHECKING:
    import numpy
    import pandas
    import pyarrow

    Array = numpy.ndarray[Any, Any]

POINT = 10_000_000
DAY = 86_400


def scores(tables: Tables) -> pyarrow.Table:
    """id, score, label, fit, engagement of every lead, in units; in the order of the leads."""
    import numpy as np
    import pyarrow
    from pyarrow import parquet

    texts = ["industry", "country", "job_title", "source", "lifecycle", "plan", "language"]
    table = parquet.read_table(tables.leads, read_dictionary=texts)
    leads = table.to_pandas(strings_to_categorical=False)
    fit = np.minimum(90, _company(leads) + _person(leads)) * POINT
    engagement = np.minimum(120 * POINT, _behaviour(leads["id"], tables))
    score = np.clip(fit + engagement, 0, 180 * POINT)
    label = np.select(
        [
            (score >= 60 * POINT) & (engagement >= 20 * POINT),
            score >= 40 * POINT,
            score >= 20 * POINT,
        ],
        ["Hot", "Warm", "Cool"],
        "Cold",
    )
    return pyarrow.table(
        {
            "id": table.column("id"),
            "score": score,
            "label": pyarrow.array(label),
            "fit": fit,
            "engagement": engagement,
        }
    )


def _having(texts: pandas.Series, *parts: str, end: bool = False) -> Array:
    """Where a text has one of the parts in it, in any case of letters; with `end`, at its end."""
    import numpy as np

    codes = texts.cat.codes.to_numpy()
    found = [
        any(kind.lower().endswith(part) if end else part in kind.lower() for part in parts)
        for kind in texts.cat.categories
    ]
    # Missing values have the code -1: the last place.
    return np.array([*found, False])[codes]


def _company(leads: pandas.DataFrame) -> Array:
    import numpy as np

    employees, revenue, budget = leads["employees"], leads["revenue"], leads["budget"]
    lifecycle = leads["lifecycle"]
    points = (
        20 * leads["industry"].isin(["Software", "SaaS"])
        - 10 * (leads["industry"].isin(["Education", "Government"]) & (employees < 50))
        + np.select(
            [
                employees.between(1, 10),
                employees.between(11, 200),
                employees.between(201, 1000),
                employees > 1000,
                employees.isna(),
            ],
            [2, 10, 15, 12, -1],
            0,
        )
        + 8 * (revenue >= 1_000_000)
        + 4 * revenue.between(100_000, 999_000)
        + 5 * leads["country"].isin(["Germany", "Austria", "Switzerland"])
        - 3 * leads["country"].isna()
        + np.select([leads["plan"] == "Enterprise", leads["plan"] == "Team"], [12, 6], 0)
        + 4 * (100 * budget >= 80 * leads["deal_size"])
        + np.select(
            [
                lifecycle == "opportunity",
                (lifecycle == "lead") & leads["owner"].notna(),
                (lifecycle != "customer") & (budget > 0),
            ],
            [9, 5, 2],
            0,
        )
    )
    return np.minimum(55, points.to_numpy(dtype=np.int64))


def _person(leads: pandas.DataFrame) -> Array:
    import numpy as np
    import pandas as pd

    as_of = pd.Timestamp(AS_OF)
    title, source = leads["job_title"], leads["source"]
    domain = leads["email"].str.lower().str.endswith(("@gmail.com", "@yahoo.com", "@web.de"))
    signup = pd.to_datetime(leads["signup"])
    silence = (as_of - leads["last_seen"]).dt.days // 30
    pages = leads["page_views"]
    opted_in = (leads["newsletter"] == True) & (leads["opted_out"] != True)  # noqa: E712  # columns with missing values
    points = (
        10 * (_having(title, "vp", "chief", "director", "head") & (leads["employees"] >= 50))
        + 7 * _having(title, "marketing", "sales")
        - 20 * _having(title, "student", "intern")
        - 15 * (domain == True)  # noqa: E712  # as above
        + 3 * (leads["phone"].notna() & (leads["language"] == "English"))
        + np.select(
            [source.isin(["Referral", "Partner"]), source == "Webinar", source == "Paid search"],
            [12, 8, 3],
            0,
        )
        + 6 * opted_in
        + 5 * (signup.between(as_of - pd.Timedelta(days=14), as_of) | (leads["nps"] >= 9))
        - np.where(leads["last_seen"] <= as_of, silence.clip(upper=10), 0)
        + np.where(pages >= 0, (pages // 10 * 2).clip(upper=12), 0)
    )
    return np.clip(points.to_numpy(dtype=np.int64), -30, 45)


def _behaviour(ids: pandas.Series, tables: Tables) -> Array:
    """The points of both groups on events, in units, by the place of the lead."""
    import numpy as np
    import pandas as pd
    from pyarrow import parquet

    window = [
        ("time", ">=", AS_OF - timedelta(days=180)),
        ("time", "<=", AS_OF),
    ]
    table = parquet.read_table(
        tables.events, filters=window, read_dictionary=["event", "campaign", "url"]
    )
    size = len(ids)
    place = pd.Index(ids).get_indexer(table.column("lead_id").to_pandas())
    known = place >= 0
    times = table.column("time").to_numpy().astype("datetime64[s]")
    age = (np.datetime64(AS_OF, "s") - times).astype(np.int64)
    event, campaign, url = (table.column(name).to_pandas() for name in ("event", "campaign", "url"))
    seconds = table.column("seconds").to_pandas()
    kinds = {kind: code for code, kind in enumerate(event.cat.categories)}
    codes = event.cat.codes.to_numpy()
    quarters = np.maximum(0, 4 - age // (30 * DAY))
    halves = np.maximum(0, 2 - age // (60 * DAY))

    def of(kind: str, days: int = 180) -> Array:
        """Events of a type within so many days, of leads that are in the table."""
        return (codes == kinds.get(kind, -1)) & (age <= days * DAY) & known

    def count(mask: Array) -> Array:
        return np.bincount(place[mask], minlength=size)

    def total(mask: Array, values: Array) -> Array:
        sums = np.bincount(place[mask], weights=values[mask], minlength=size)
        return sums.astype(np.int64)

    def newest(mask: Array, latest: int, values: Array) -> Array:
        """The sum over the newest so many events: the last rows, since rows are in time order."""
        rows = np.flatnonzero(mask)
        number = pd.Series(place[rows]).groupby(place[rows]).cumcount(ascending=False)
        few = rows[number.to_numpy() < latest]
        return np.bincount(place[few], weights=values[few], minlength=size).astype(np.int64)

    def age_of(mask: Array) -> Array:
        """The age of the newest event in seconds; where there is none, far more than any."""
        ages = np.full(size, 10**12)
        # Rows are in time order, and of several assignments to one place the last one stays.
        ages[place[mask]] = age[mask]
        return ages

    in_pricing = _having(campaign, "pricing")
    spring_or_brand = campaign.isin(["spring", "brand"]).to_numpy()
    forms = 4 * POINT * np.maximum(0, 672 - age // 3600) // 672
    watched = (of("Video", 90) | of("Webinar attended", 90)) & seconds.notna().to_numpy()
    length = seconds.fillna(0).to_numpy(dtype=np.int64)
    marketing = (
        newest(of("Email open"), 5, quarters) * (POINT // 2)
        + total(of("Email click", 90), quarters) * (POINT * 3 // 4)
        + total(of("Email click") & in_pricing, quarters) * (POINT * 3 // 2)
        + np.minimum(
            30 * POINT,
            total(of("Page view", 60) & _having(url, "/pricing"), quarters) * (POINT * 5 // 4),
        )
        + count(of("Page view", 14)) * POINT
        + np.maximum(0, 4 - age_of(of("Whitepaper download")) // (30 * DAY)) * (POINT * 5 // 2)
        + total(of("Webinar attended") & (length >= 120), quarters) * (POINT * 2)
        + total(of("Form submission", 28), forms)
        - count(of("Unsubscribe")) * (POINT * 5)
        + newest(of("Video", 120) & (length > 60), 3, quarters) * (POINT * 3 // 4)
    )
    visits, seen = count(of("Visit", 30)), total(watched, length)
    silence = age_of(known & (codes != kinds.get("Email sent", -1)))
    sales = (
        np.minimum(45 * POINT, total(of("Meeting completed", 90), halves) * (POINT * 15 // 2))
        + newest(of("Call") & spring_or_brand, 4, halves) * (POINT * 3)
        + np.maximum(0, 2 - age_of(of("Demo")) // (60 * DAY)) * (POINT * 25 // 2)
        + (count(of("Trial", 30)) > 0) * (10 * POINT)
        + (count(of("Visit", 7)) >= 3) * (5 * POINT)
        + np.select([visits >= 5, visits >= 2, visits == 1], [10 * POINT, 5 * POINT, POINT], 0)
        + np.select([seen > 300, seen >= 1], [4 * POINT, 2 * POINT], 0)
        + np.select(
            [count(of("Chat", 14)) >= 2, count(of("Chat", 30)) >= 1], [6 * POINT, 2 * POINT], 0
        )
        - np.where(age_of(known) <= 30 * DAY, 0, 8 * POINT)
        # Who has no event of another type has no silence to be measured.
        - np.where(silence < 10**12, np.minimum(12, silence // (15 * DAY)), 0) * POINT
    )
    return np.minimum(60 * POINT, marketing) + np.clip(sales, -30 * POINT, 90 * POINT)
