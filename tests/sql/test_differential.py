"""Every engine and every database give the same digits, on random models and tables.

What is right is what `Model.score` says of each lead alone, which tests/independent holds against
a second evaluator.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pyarrow.parquet as pq
from hypothesis import HealthCheck, given, settings
from tests.independent.support import EXAMPLES, Scene, scenes
from tests.sql.databases import database, interpreted
from tests.sql.runners import Columns, Runner
from tests.sql.tables import (
    OWN_ID,
    Row,
    Tables,
    counts,
    differences,
    packings,
    queried,
    scored,
    single,
)

import leadscore
from leadscore.targets.sql.counting import MOST_PACKED


def some(part: int) -> settings:
    """As many examples as LEADSCORE_EXAMPLES asks for, divided by `part`."""
    return settings(
        max_examples=max(5, EXAMPLES // part),
        deadline=None,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    )


def expected(models: Sequence[leadscore.Model], tables: Tables) -> tuple[Tables, list[list[Row]]]:
    """What each lead comes to, by model; without the leads that have a sum past 64 bits."""
    found: list[list[Row]] = []
    failing: set[int] = set()
    for model in models:
        rows: list[Row] = []
        for place, lead in enumerate(tables.each()):
            try:
                rows.append(single(model, lead, tables))
            except leadscore.EvaluationError:
                rows.append({})
                failing.add(place)
        found.append(rows)
    kept = [[row for at, row in enumerate(rows) if at not in failing] for rows in found]
    return (tables.without(failing) if failing else tables), kept


def outcome(models: Sequence[leadscore.Model], tables: Tables, engine: str, **how: Any) -> Any:
    """Rows and counts, or the error."""
    try:
        rows, report = scored(models, tables, engine, **how)
    except leadscore.EvaluationError as error:
        return str(error)
    return rows, counts(report)


@given(scenes())
@some(4)
def test_engines(scene: Scene) -> None:
    tables, [wanted] = expected(scene.models, scene.tables)
    if tables is not scene.tables:
        failed = outcome(scene.models, scene.tables, "python")
        assert isinstance(failed, str)
        assert outcome(scene.models, scene.tables, "duckdb") == failed
    rows, said = outcome(scene.models, tables, "python")
    assert differences(rows, wanted) == {}
    for threads in (1, 2, 2):
        found, told = outcome(scene.models, tables, "duckdb", threads=threads)
        assert differences(found, wanted) == {}
        assert told == said


@given(scenes())
@some(8)
def test_engines_on_files(scene: Scene) -> None:
    tables, [wanted] = expected(scene.models, scene.tables)
    with TemporaryDirectory() as folder:
        leads, events, lists = tables.arrow()
        paths = [Path(folder, f"{at}.parquet") for at in range(2 + len(events))]
        for table, path in zip([leads, lists, *events], paths, strict=True):
            pq.write_table(table, path, row_group_size=3)
        sources = (paths[0], paths[2:], paths[1])
        for engine in ("python", "duckdb"):
            rows, _ = scored(scene.models, tables, engine, sources=sources)
            assert differences(rows, wanted) == {}


@given(scenes(2, 3))
@some(8)
def test_several_models_in_one_run(scene: Scene) -> None:
    tables, wanted = expected(scene.models, scene.tables)
    prefixes = [f"m{number}_" for number in range(len(scene.models))]
    said = None
    for engine, threads in (("python", 1), ("duckdb", 1), ("duckdb", 2)):
        rows, report = scored(scene.models, tables, engine, prefixes=prefixes, threads=threads)
        assert differences_of_all(rows, wanted) == {}
        assert said in (None, counts(report))
        said = counts(report)


def differences_of_all(rows: Sequence[Row], wanted: Sequence[Sequence[Row]]) -> dict[str, Any]:
    """Where rows are not those of each model alone, beside each other."""
    together = [
        [value for row in alone for value in row.values()] for alone in zip(*wanted, strict=True)
    ]
    return {
        f"lead {at}": (list(row.values()), values)
        for at, (row, values) in enumerate(zip(rows, together, strict=True))
        if list(row.values()) != values
    }


PARTS = {"duckdb": 6, "postgres": 2, "spark": 15}
"""What the examples are divided by: Spark takes seconds to plan what the others do at once."""


def test_databases(runner: Runner) -> None:
    @given(scenes())
    @some(PARTS[runner.dialect.name])
    def check(scene: Scene) -> None:
        tables, [wanted] = expected(scene.models, scene.tables)
        for packed in packings(runner, scene.models):
            rows = queried(database(runner), scene.models, tables, packed=packed)
            assert differences(rows, wanted) == {}

    check()


def test_compiled_stages(spark: Runner) -> None:
    """Spark as it runs large tables: Java made of the query, two threads, two partitions."""

    @given(scenes())
    @some(40)
    def check(scene: Scene) -> None:
        tables, [wanted] = expected(scene.models, scene.tables)
        for packed in packings(spark, scene.models):
            rows = queried(database(spark, compiled=True), scene.models, tables, packed=packed)
            assert differences(rows, wanted) == {}

    check()


def test_the_engine_of_spark(spark: Runner) -> None:
    @given(scenes(1, 2))
    @some(25)
    def check(scene: Scene) -> None:
        prefixes = [f"m{number}_" for number in range(len(scene.models))]
        tables, wanted = expected(scene.models, scene.tables)
        if tables is not scene.tables:
            failed = outcome(scene.models, scene.tables, "python", prefixes=prefixes)
            assert outcome(scene.models, scene.tables, "spark", prefixes=prefixes) == failed
        _, said = outcome(scene.models, tables, "python", prefixes=prefixes)
        rows, told = outcome(scene.models, tables, "spark", prefixes=prefixes)
        assert differences_of_all(rows, wanted) == {}
        assert told == said

    with interpreted(spark):
        check()


def test_several_models_in_one_query(runner: Runner) -> None:
    @given(scenes(2, 3))
    @some(PARTS[runner.dialect.name] * 4)
    def check(scene: Scene) -> None:
        tables, wanted = expected(scene.models, scene.tables)
        prefixes = [f"m{number}_" for number in range(len(scene.models))]
        rows = queried(database(runner), scene.models, tables, prefixes=prefixes)
        assert differences_of_all(rows, wanted) == {}

    check()


MANY = """\
score "Many events"
limit at most 900
group "E" as engagement limit -30 to 500 decay 50% every 30 days gradually
  +0.01 for each "Visit"
  +0.5 for each "Visit" where url contains "/pricing" in the last 30 days latest 3
  +3, +2, +1 for each "Call"
  +1 for each "Visit" up to 2 per day limit 40
  by total of amount in "Visit"
    >= 100: +7.5
    otherwise: +1
group "C" reset by "Call"
  +0.001 for each "Visit" no decay
  by count of different url in "Visit"
    2 to 3: +4
labels
  "High" from 100 and engagement from 10 if event "Visit" at least 33000 times
  "Low"
"""


def tables_of_many_events() -> Tables:
    as_of = datetime(2026, 3, 29, 12, 30)
    urls = ("/pricing/a", "/docs", "/PRICING", None)
    each = {"lead 1": 40_000, "lead 2": MOST_PACKED, "lead 3": MOST_PACKED + 1, "lead 4": 3}
    rows = [
        (own, "Call" if at % 9_000 == 8_000 else "Visit", as_of - timedelta(minutes=9 * at), at)
        for own, many in each.items()
        for at in range(many)
    ]
    return Tables(
        {OWN_ID: ("text", [*each, "lead 5"])},
        (
            {
                OWN_ID: ("text", [own for own, *_ in rows]),
                "event": ("text", [type_ for _, type_, *_ in rows]),
                "time": ("timestamp", [time for _, _, time, _ in rows]),
                "url": ("text", [urls[at % 4] for *_, at in rows]),
                "amount": ("integer", [at % 7 for *_, at in rows]),
            },
        ),
        {OWN_ID: ("text", []), "list": ("text", [])},
        as_of,
        "UTC",
    )


def test_a_lead_with_more_events_than_packed_counters_hold() -> None:
    model, tables = leadscore.loads(MANY), tables_of_many_events()
    wanted = [single(model, lead, tables) for lead in tables.each()]
    assert [row["label"] for row in wanted] == ["High", "Low", "Low", "Low", "Low"]
    said = None
    for engine, threads in (("python", 1), ("duckdb", 1), ("duckdb", 2)):
        found, report = scored([model], tables, engine, threads=threads)
        assert differences(found, wanted) == {}
        assert said in (None, counts(report))
        said = counts(report)


def test_a_lead_with_more_events_than_packed_counters_hold_on_spark(spark: Runner) -> None:
    model, tables = leadscore.loads(MANY), tables_of_many_events()
    wanted = [single(model, lead, tables) for lead in tables.each()]
    with interpreted(spark):
        found, _ = scored([model], tables, "spark")
    assert differences(found, wanted) == {}


def test_doubles_in_a_dictionary_of_parquet(tmp_path: Path) -> None:
    """DuckDB computes with each entry of the dictionary, also where a `case` keeps it away."""
    odd = [1.0, -0.5, 1e300, float("nan"), float("inf"), -float("inf"), None]
    nobody: Columns = {OWN_ID: ("integer", []), "list": ("text", [])}
    leads: Columns = {OWN_ID: ("integer", range(len(odd))), "x": ("double", odd)}
    tables = Tables(leads, (), nobody, "2026-01-31", "UTC")
    path = tmp_path / "leads.parquet"
    pq.write_table(tables.arrow()[0], path)
    test = 'x is any of "1", "-0.5", "1e+300" or x = "nan" or x > 0'
    model = leadscore.loads(f'score "S"\ngroup "G"\n  +1 if {test}\n')
    wanted = [single(model, lead, tables) for lead in tables.each()]
    assert [row["score"] for row in wanted] == ["1", "1", "1", "0", "0", "0", "0"]
    for engine in ("python", "duckdb"):
        found, _ = scored([model], tables, engine, sources=(path, None, None))
        assert differences(found, wanted) == {}
