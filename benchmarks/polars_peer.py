"""The model of `models/many_leads.score` in Polars, as who knows Polars writes it.

One lazy query on the streaming engine: the events of the longest window; a column a rule, then one
`group_by` with plain sums; the newest N of a type in a `group_by` of their own over the few rows
that they need (a third faster than as one more aggregate of the first); one join with the leads.
Everything is in integers.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from benchmarks.crm_data import AS_OF, Tables

if TYPE_CHECKING:
    import polars
    import pyarrow

POINT = 10_000_000
DAY = 86_400


def scores(tables: Tables) -> pyarrow.Table:
    """id, score, label, fit, engagement of every lead, in units; the rows in any order."""
    import polars as pl

    leads = pl.scan_parquet(tables.leads)
    points = (
        leads.select("id", company=_company(), person=_person())
        .join(
            _behaviour(pl.scan_parquet(tables.events)), left_on="id", right_on="lead_id", how="left"
        )
        .select(
            "id",
            fit=pl.min_horizontal(90, pl.col("company") + pl.col("person")).cast(pl.Int64) * POINT,
            # Who has no event in the window: nothing but the penalty for silence.
            engagement=pl.min_horizontal(
                120 * POINT, pl.col("behaviour").fill_null(-8 * POINT)
            ).cast(pl.Int64),
        )
        .with_columns(score=(pl.col("fit") + pl.col("engagement")).clip(0, 180 * POINT))
    )
    score, engagement = pl.col("score"), pl.col("engagement")
    label = (
        pl.when((score >= 60 * POINT) & (engagement >= 20 * POINT))
        .then(pl.lit("Hot"))
        .when(score >= 40 * POINT)
        .then(pl.lit("Warm"))
        .when(score >= 20 * POINT)
        .then(pl.lit("Cool"))
        .otherwise(pl.lit("Cold"))
    )
    query = points.select("id", "score", label.alias("label"), "fit", "engagement")
    return query.collect(engine="streaming").to_arrow()


def _given(condition: polars.Expr, points: int | polars.Expr) -> polars.Expr:
    """The points where the condition holds, else 0."""
    import polars as pl

    value = points if isinstance(points, pl.Expr) else pl.lit(points, pl.Int64)
    return pl.when(condition).then(value).otherwise(pl.lit(0, pl.Int64))


def _company() -> polars.Expr:
    import polars as pl

    industry, employees, revenue = pl.col("industry"), pl.col("employees"), pl.col("revenue")
    country, plan, lifecycle = pl.col("country"), pl.col("plan"), pl.col("lifecycle")
    size = (
        pl.when(employees.is_null())
        .then(-1)
        .when(employees.is_between(1, 10))
        .then(2)
        .when(employees.is_between(11, 200))
        .then(10)
        .when(employees.is_between(201, 1000))
        .then(15)
        .when(employees > 1000)
        .then(12)
        .otherwise(0)
    )
    stage = (
        pl.when(lifecycle == "opportunity")
        .then(9)
        .when((lifecycle == "lead") & pl.col("owner").is_not_null())
        .then(5)
        .when(lifecycle.ne_missing(pl.lit("customer")) & (pl.col("budget") > 0))
        .then(2)
        .otherwise(0)
    )
    points = (
        _given(industry.is_in(["Software", "SaaS"]), 20)
        + _given(industry.is_in(["Education", "Government"]) & (employees < 50), -10)
        + size
        + _given(revenue >= 1_000_000, 8)
        + _given(revenue.is_between(100_000, 999_000), 4)
        + _given(country.is_in(["Germany", "Austria", "Switzerland"]), 5)
        + _given(country.is_null(), -3)
        + pl.when(plan == "Enterprise").then(12).when(plan == "Team").then(6).otherwise(0)
        + _given(100 * pl.col("budget") >= 80 * pl.col("deal_size"), 4)
        + stage
    )
    return points.clip(upper_bound=55)


def _person() -> polars.Expr:
    import polars as pl

    title, email, source = pl.col("job_title").str.to_lowercase(), pl.col("email"), pl.col("source")
    free = email.str.to_lowercase()
    last_seen, signup = pl.col("last_seen"), pl.col("signup").cast(pl.Datetime("us"))
    channel = (
        pl.when(source.is_in(["Referral", "Partner"]))
        .then(12)
        .when(source == "Webinar")
        .then(8)
        .when(source == "Paid search")
        .then(3)
        .otherwise(0)
    )
    months = (pl.lit(AS_OF) - last_seen).dt.total_seconds() // (30 * DAY)
    points = (
        _given(
            title.str.contains_any(["vp", "chief", "director", "head"])
            & (pl.col("employees") >= 50),
            10,
        )
        + _given(title.str.contains_any(["marketing", "sales"]), 7)
        + _given(title.str.contains_any(["student", "intern"]), -20)
        + _given(
            free.str.ends_with("@gmail.com")
            | free.str.ends_with("@yahoo.com")
            | free.str.ends_with("@web.de"),
            -15,
        )
        + _given(pl.col("phone").is_not_null() & (pl.col("language") == "English"), 3)
        + channel
        + _given(pl.col("newsletter") & ~pl.col("opted_out").fill_null(False), 6)
        + _given(signup.is_between(AS_OF - timedelta(days=14), AS_OF) | (pl.col("nps") >= 9), 5)
        + _given(last_seen <= AS_OF, (-months).clip(lower_bound=-10))
        + _given(pl.col("page_views") >= 0, (pl.col("page_views") // 10 * 2).clip(upper_bound=12))
    )
    return points.clip(-30, 45)


def _behaviour(events: polars.LazyFrame) -> polars.LazyFrame:
    """The points of both groups on events, in units, of the leads that have events."""
    import polars as pl

    event, age = pl.col("event"), pl.col("age")
    seen = events.filter(
        pl.col("time").is_between(AS_OF - timedelta(days=180), AS_OF)
    ).with_columns(age=(pl.lit(AS_OF) - pl.col("time")).dt.total_seconds())
    quarters = (4 - age // (30 * DAY)).clip(lower_bound=0)
    halves = (2 - age // (60 * DAY)).clip(lower_bound=0)

    def within(kind: str, days: int) -> polars.Expr:
        return (event == kind) & (age <= days * DAY)

    def newest(
        name: str, condition: polars.Expr, count: int, steps: polars.Expr
    ) -> polars.LazyFrame:
        """The steps that are left of the newest so many events."""
        # Steps grow with time, so the newest events are those with the most of them.
        few = seen.filter(condition).select("lead_id", steps=steps).group_by("lead_id")
        return few.agg(pl.col("steps").top_k(count).sum().alias(name))

    def age_of(condition: polars.Expr) -> polars.Expr:
        """The age of the newest event, in seconds."""
        return pl.when(condition).then(age).min()

    hours_left = 672 - age // 3600
    sums = {
        "clicks": _given(within("Email click", 90), quarters).sum(),
        "pricing_clicks": _given(
            (event == "Email click") & pl.col("campaign").str.contains("pricing", literal=True),
            quarters,
        ).sum(),
        "pricing_pages": _given(
            within("Page view", 60) & pl.col("url").str.contains("/pricing", literal=True),
            quarters,
        ).sum(),
        "pages": within("Page view", 14).sum(),
        "paper": age_of(event == "Whitepaper download"),
        "webinars": _given(
            (event == "Webinar attended") & (pl.col("seconds") >= 120), quarters
        ).sum(),
        "forms": _given(
            within("Form submission", 28) & (hours_left > 0), 4 * POINT * hours_left // 672
        ).sum(),
        "unsubscribed": (event == "Unsubscribe").sum(),
        "meetings": _given(within("Meeting completed", 90), halves).sum(),
        "demo": age_of(event == "Demo"),
        "trials": within("Trial", 30).sum(),
        "visits_7": within("Visit", 7).sum(),
        "visits_30": within("Visit", 30).sum(),
        "watched": _given(
            event.is_in(["Video", "Webinar attended"]) & (age <= 90 * DAY),
            pl.col("seconds").fill_null(0).cast(pl.Int64),
        ).sum(),
        "chats_14": within("Chat", 14).sum(),
        "chats_30": within("Chat", 30).sum(),
        "latest": age.min(),
        "latest_but_sent": age_of(event != "Email sent"),
    }
    called = (event == "Call") & pl.col("campaign").is_in(["spring", "brand"])
    watched_long = within("Video", 120) & (pl.col("seconds") > 60)
    activity = seen.group_by("lead_id").agg(**sums)
    for few in (
        newest("opens", event == "Email open", 5, quarters),
        newest("videos", watched_long, 3, quarters),
        newest("calls", called, 4, halves),
    ):
        activity = activity.join(few, on="lead_id", how="left")

    def units(name: str, size: int) -> polars.Expr:
        return pl.col(name).fill_null(0).cast(pl.Int64) * size

    marketing = (
        units("opens", POINT // 2)
        + units("clicks", POINT * 3 // 4)
        + units("pricing_clicks", POINT * 3 // 2)
        + units("pricing_pages", POINT * 5 // 4).clip(upper_bound=30 * POINT)
        + units("pages", POINT)
        + (4 - pl.col("paper") // (30 * DAY)).clip(lower_bound=0).fill_null(0) * (POINT * 5 // 2)
        + units("webinars", POINT * 2)
        + pl.col("forms")
        - units("unsubscribed", POINT * 5)
        + units("videos", POINT * 3 // 4)
    ).clip(upper_bound=60 * POINT)
    visits, watched = pl.col("visits_30"), pl.col("watched")
    silence = pl.col("latest_but_sent") // (15 * DAY)
    sales = (
        units("meetings", POINT * 15 // 2).clip(upper_bound=45 * POINT)
        + units("calls", POINT * 3)
        + (2 - pl.col("demo") // (60 * DAY)).clip(lower_bound=0).fill_null(0) * (POINT * 25 // 2)
        + _given(pl.col("trials") > 0, 10 * POINT)
        + _given(pl.col("visits_7") >= 3, 5 * POINT)
        + pl.when(visits >= 5)
        .then(10 * POINT)
        .when(visits >= 2)
        .then(5 * POINT)
        .when(visits == 1)
        .then(POINT)
        .otherwise(0)
        + pl.when(watched > 300).then(4 * POINT).when(watched >= 1).then(2 * POINT).otherwise(0)
        + pl.when(pl.col("chats_14") >= 2)
        .then(6 * POINT)
        .when(pl.col("chats_30") >= 1)
        .then(2 * POINT)
        .otherwise(0)
        + _given(pl.col("latest") > 30 * DAY, -8 * POINT)
        - (silence.clip(upper_bound=12) * POINT).fill_null(0)
    ).clip(-30 * POINT, 90 * POINT)
    return activity.select("lead_id", behaviour=marketing + sales)
