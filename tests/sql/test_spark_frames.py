"""The Spark engine on DataFrames: the same scores and the same words as our reader's tables."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NoReturn

import pandas as pd
import pytest
from tests.sql.spark_session import quietly, spark_session

import leadscore
from leadscore.scores import SparkScores

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

MODEL = """
score "Frames"
unknown values "n/a"
properties
  size: number from "Company size"
events
  "Visit" from "VISITED"
  "Call" from "CALL_STARTED"
exclude when in list "Competitors"
define large as size > 100
group "Fit" as fit
  +10 if large
  +2 for each 10 of size limit 20
group "Engagement" as engagement limit 60 decay 50% every 30 days
  +2 for each "Visit" where page contains "pricing"
  +1 for each "Visit" up to 1 per day
  +5 once for "Call"
  +3 for each "Chat" latest 2 no decay
labels
  "Hot" from 20
  "Cold" below 20
"""
LEADS: list[dict[str, Any]] = [
    {"id": "a", "Company size": "120"},
    {"id": "b", "Company size": "n/a"},
    {"id": "b", "Company size": "many"},
    {"id": "c", "Company size": "7.5"},
    {"id": None, "Company size": "55"},
]
EVENTS: list[dict[str, Any]] = [
    {"lead_id": "a", "event": "VISITED", "time": "2026-01-20", "page": "/pricing"},
    {"lead_id": "a", "event": "Visit", "time": "2026-01-20T10:00:00", "page": "/Pricing?x"},
    {"lead_id": "a", "event": "call_started", "time": "2025-12-20", "page": None},
    {"lead_id": "b", "event": "Chat", "time": "2026-01-01", "page": None},
    {"lead_id": "b", "event": "Chat", "time": "2026-01-02", "page": None},
    {"lead_id": "b", "event": "Chat", "time": "2026-01-03", "page": None},
    {"lead_id": "b", "event": "Chat", "time": "2026-03-03", "page": None},
    {"lead_id": "b", "event": "Visit", "time": "soon", "page": None},
    {"lead_id": "x", "event": "Visit", "time": "2026-01-03", "page": None},
    {"lead_id": None, "event": "Visit", "time": "2026-01-03", "page": None},
]
LISTS: list[dict[str, Any]] = [{"lead_id": "c", "list": "competitors"}]


@pytest.fixture(scope="module")
def spark(unavailable: Callable[[str], NoReturn]) -> SparkSession:
    return spark_session(unavailable)


def frame(spark: SparkSession, rows: list[dict[str, Any]]) -> Any:
    # One partition, so that Spark's own numbers are those of the rows.
    with quietly():
        return spark.createDataFrame(pd.DataFrame(rows)).coalesce(1)


def both(spark: SparkSession, **options: Any) -> tuple[leadscore.Scores, SparkScores]:
    model = leadscore.loads(MODEL)
    here = model.score_table(LEADS, EVENTS, LISTS, as_of="2026-01-31", **options)
    leads, events, lists = (frame(spark, rows) for rows in (LEADS, EVENTS, LISTS))
    with quietly():
        there = model.score_table(
            leads, events, lists, as_of="2026-01-31", engine="spark", **options
        )
    assert isinstance(there, SparkScores)
    return here, there


@pytest.mark.parametrize("receipt", [False, True])
def test_frames_are_scored_as_tables_are(spark, receipt):
    here, there = both(spark, receipt=receipt)
    with quietly():
        assert there.to_arrow().to_pylist() == here.to_arrow().to_pylist()
        assert sorted(
            map(tuple, there.to_spark().toPandas().fillna(-1).values.tolist()), key=str
        ) == (sorted(map(tuple, here.to_pandas().fillna(-1).values.tolist()), key=str))
    assert len(there) == 5
    assert repr(there).startswith("<SparkScores, leads: 5, columns: id, score, ")
    there.close()


def test_the_report_is_the_same(spark):
    here, there = both(spark)
    assert there.report.lines() == here.report.lines()
    assert (there.report.events, there.report.excluded) == (here.report.events, 1)
    there.close()


def test_whole_numbers_and_several_tables_of_events(spark):
    model = leadscore.loads(MODEL)
    leads: list[dict[str, Any]] = [{"id": 1, "Company size": 500}, {"id": 2, "Company size": None}]
    first: list[dict[str, Any]] = [
        {"id": 1, "event": "Visit", "time": "2026-01-30", "page": "pricing"}
    ]
    second: list[dict[str, Any]] = [{"id": 2, "event": "Chat", "time": "2026-01-30", "page": "x"}]
    tables = [frame(spark, rows) for rows in (leads, first, second)]
    with quietly():
        scores = model.score_table(
            tables[0], tables[1:], as_of="2026-01-31", engine="spark", allow_missing=True
        )
        rows = scores.to_arrow().to_pylist()
    expected = model.score_table(leads, [first, second], as_of="2026-01-31", allow_missing=True)
    assert rows == expected.to_arrow().to_pylist()
    assert [row["score"] for row in rows] == [33.0, 3.0]


def test_a_lead_of_very_many_events_is_counted_all_the_same(spark):
    model = leadscore.loads('score "S"\ngroup "G"\n  +1 for each "Visit"\n  -1 for each "Call"\n')
    times = ["2026-01-01"]
    events = pd.DataFrame({"id": "a", "event": ["Visit"] * 40_000 + ["Call"], "time": times[0]})
    with quietly():
        scores = model.score_table(
            frame(spark, [{"id": "a"}]),
            spark.createDataFrame(events),
            as_of="2026-01-31",
            engine="spark",
        )
        assert scores.to_arrow().to_pylist() == [{"id": "a", "score": 39_999.0}]


def test_a_sum_past_64_bits_names_the_lead_and_the_line(spark):
    model = leadscore.loads('score "S"\ngroup "G"\n  +1 for each 10 of size\n', "big.score")
    leads = frame(spark, [{"id": "fine", "size": 100.0}, {"id": "huge", "size": 1e300}])
    with quietly(), pytest.raises(leadscore.EvaluationError, match=r"big\.score:3: lead huge "):
        model.score_table(leads, as_of="2026-01-31", engine="spark")


def test_what_does_not_fit_is_said(spark):
    model = leadscore.loads(MODEL)
    leads = frame(spark, LEADS)
    with pytest.raises(leadscore.DataError, match="engine='spark'"):
        model.score_table(leads)
    with pytest.raises(leadscore.DataError, match="has to be one too"):
        model.score_table(leads, EVENTS, engine="spark")
    with pytest.raises(leadscore.DataError, match="allow_missing=True"):
        model.score_table(leads, engine="spark")
    wrong, events, lists = (frame(spark, rows) for rows in (LISTS, EVENTS, LISTS))
    with pytest.raises(leadscore.DataError, match="Company size"):
        model.score_table(wrong, events, lists, engine="spark")


def test_events_of_one_second_keep_the_order_of_their_tables(spark):
    model = leadscore.loads(
        'score "S"\ngroup "G"\n  by highest of size in "Visit" latest 1\n    1: +1\n    2: +2\n'
    )
    second = {"id": "a", "event": "Visit", "time": "2026-01-01"}
    leads: list[dict[str, Any]] = [{"id": "a"}]
    for sizes, score in (((1.0, 2.0), 2.0), ((2.0, 1.0), 1.0)):
        events = [[second | {"size": size}] for size in sizes]
        here = model.score_table(leads, events, as_of="2026-01-31")
        with quietly():
            there = model.score_table(
                frame(spark, leads),
                [frame(spark, rows) for rows in events],
                as_of="2026-01-31",
                engine="spark",
            )
            assert there.to_arrow().to_pylist() == here.to_arrow().to_pylist()
        assert here.to_arrow().to_pylist() == [{"id": "a", "score": score}]


def test_runs_over_other_tables_do_not_take_each_others_views(spark, monkeypatch):
    from leadscore.engines import spark as engine

    monkeypatch.setattr(engine, "session", lambda: spark)
    seen: list[str] = []
    close = engine.Exported.close

    def closing(exported: engine.Exported) -> None:
        seen.append(exported.prefix)
        close(exported)

    monkeypatch.setattr(engine.Exported, "close", closing)
    model = leadscore.loads('score "S"\ngroup "G"\n  +1 if size > 1\n')
    with quietly():
        for size, score in ((1, 0.0), (2, 1.0)):
            rows = [{"id": "a", "size": size}]
            scores = model.score_table(rows, as_of="2026-01-31", engine="spark")
            assert scores.to_arrow().to_pylist() == [{"id": "a", "score": score}]
    assert len(set(seen)) == len(seen) == 2
