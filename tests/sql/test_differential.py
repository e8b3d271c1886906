"""Every engine and every database give the same digits, on random models and tables.

What is right is what `Model.score` says of each lead alone, which tests/independent holds against
a second evaluator.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, assume, given, settings
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
    written,
)

import leadscore
from leadscore.targets.sql.counting import MOST_PACKED

LONG = 120_000
"""Characters of a query that Spark may need minutes, and more memory than tests have, to plan.

A zone's changes of the clock are a search tree, written out for each column that is read as a date.
"""


def some(part: int) -> settings:
    """As many examples as LEADSCORE_EXAMPLES asks for, divided by `part`."""
    return settings(
        max_examples=max(5, EXAMPLES // part),
        deadline=None,
        suppress_health_check=[
            HealthCheck.too_slow,
            HealthCheck.data_too_large,
            HealthCheck.filter_too_much,
        ],
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
@some(6)
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


def length(runner: Runner, models: Sequence[leadscore.Model], tables: Tables, packed: bool) -> int:
    prefixes = [f"m{number}_" for number in range(len(models))]
    _, query = written(runner.dialect, models, tables, prefixes=prefixes, packed=packed)
    return len(query.sql())


PARTS = {"duckdb": 6, "postgres": 2, "spark": 18}
"""What the examples are divided by: Spark takes seconds to plan what the others do at once."""


def test_databases(runner: Runner) -> None:
    @given(scenes())
    @some(PARTS[runner.dialect.name])
    def check(scene: Scene) -> None:
        tables, [wanted] = expected(scene.models, scene.tables)
        for packed in packings(runner, scene.models):
            if runner.dialect.name == "spark":
                assume(length(runner, scene.models, tables, packed) < LONG)
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
            assume(length(spark, scene.models, tables, packed) < LONG // 2)
            rows = queried(database(spark, compiled=True), scene.models, tables, packed=packed)
            assert differences(rows, wanted) == {}

    check()


def test_the_engine_of_spark(spark: Runner) -> None:
    @given(scenes(1, 2))
    @some(25)
    def check(scene: Scene) -> None:
        prefixes = [f"m{number}_" for number in range(len(scene.models))]
        assume(length(spark, scene.models, scene.tables, True) < LONG)
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
        if runner.dialect.name == "spark":
            assume(length(runner, scene.models, tables, False) < LONG)
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


UNASKED = """\
score "Sums past 64 bits that nobody asks for"
exclude when out is yes
group "G" as fit if [in] is yes
  +100000 for each 1 of big
  -100000 for each 1 of big limit at least -5
  -0.001 for each 1 minute since start if big < 10
"""


def test_sums_past_64_bits_that_nobody_asks_for(runner: Runner) -> None:
    leads: Columns = {
        OWN_ID: ("integer", [1, 2, 3, 4]),
        "out": ("boolean", [True, False, None, None]),
        "in": ("boolean", [True, False, False, True]),
        "big": ("double", [1e300, 9_223_373.0, 1e16, 2.0]),
        "start": ("date", [date(1, 1, 1)] * 4),
    }
    nobody: Columns = {OWN_ID: ("integer", []), "list": ("text", [])}
    tables = Tables(leads, (), nobody, "2026-01-31", "UTC")
    model = leadscore.loads(UNASKED)
    wanted = [single(model, lead, tables) for lead in tables.each()]
    assert [row["fit"] for row in wanted][:3] == [None, "0", "0"]
    assert differences(queried(database(runner), [model], tables), wanted) == {}


@pytest.mark.parametrize("engine", ["python", "duckdb"])
def test_receipts_beside_a_sum_past_64_bits(engine: str) -> None:
    """What a limit took of such a sum is past 64 bits too."""
    model = leadscore.loads('score "S"\ngroup "G"\n  -5 for each 1 of x limit at least 10\n')
    leads: Columns = {OWN_ID: ("integer", [1, 2]), "x": ("double", [1.0, 1e18])}
    nobody: Columns = {OWN_ID: ("integer", []), "list": ("text", [])}
    tables = Tables(leads, (), nobody, "2026-01-31", "UTC")
    with pytest.raises(leadscore.EvaluationError, match=r"lead 2 .*64 bits"):
        scored([model], tables, engine)


@pytest.mark.parametrize("odd", [float("nan"), float("inf"), 1e300])
def test_doubles_in_a_dictionary_of_parquet(odd: float, tmp_path: Path) -> None:
    """DuckDB computes with each entry of the dictionary, also where a `case` keeps it away."""
    values = [9.0, -2.0, -0.0001, 0.0, odd, None] * 3
    nobody: Columns = {OWN_ID: ("integer", []), "list": ("text", [])}
    leads: Columns = {OWN_ID: ("integer", range(len(values))), "x": ("double", values)}
    tables = Tables(leads, (), nobody, "2026-01-31", "UTC")
    path = tmp_path / "leads.parquet"
    pq.write_table(tables.arrow()[0], path)
    test = 'x is any of "9", "-0.0001", "1e+300", "nan", "inf"'
    model = leadscore.loads(f'score "S"\ngroup "G"\n  +1 if {test}\n')
    wanted = [single(model, lead, tables) for lead in tables.each()]
    last = "1" if odd == 1e300 else "0"
    assert [row["score"] for row in wanted] == ["1", "0", "1", "0", last, "0"] * 3
    for engine in ("python", "duckdb"):
        found, _ = scored([model], tables, engine, sources=(path, None, None))
        assert differences(found, wanted) == {}
