"""Many leads on Spark: ours beside SQL by hand, in the same local session.

Run it with `python -m benchmarks.spark --size small`. It needs Java 17 or later. Every approach
starts from the same two Parquet files and ends with an Arrow table in the driver; all scores are
compared, with those of DuckDB too, before anything is timed, in rounds in which the approaches take
turns. Reading is a scan of all columns of both files into Spark's `noop` sink.
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks import sql_peers
from benchmarks.crm_data import AS_OF, SIZES, Tables, tables
from benchmarks.many_leads import DATA, EXPERT, MODEL, NAIVE, OURS, Approach, compare
from benchmarks.timing import (
    interleaved,
    library,
    middle_ratio,
    print_goal,
    print_table,
    ratio,
    versions,
)

if TYPE_CHECKING:
    import pyarrow

READ = "read by Spark"


def session(threads: int, memory: str) -> Any:
    """A local session with settings that suit one machine.

    Raises SystemExit where there is no pyspark or no Java.
    """
    sql = library("pyspark.sql")
    if shutil.which("java") is None and "JAVA_HOME" not in os.environ:
        raise SystemExit("Spark needs Java 17 or later: install it, or set JAVA_HOME")
    made = (
        sql.SparkSession.builder.master(f"local[{threads}]")
        .config("spark.driver.memory", memory)
        .config("spark.sql.session.timeZone", "UTC")
        .config("spark.sql.shuffle.partitions", str(4 * threads))
        .config("spark.ui.enabled", "false")
        .config("spark.ui.showConsoleProgress", "false")
        .config("spark.log.level", "ERROR")
        .getOrCreate()
    )
    made.sparkContext.setLogLevel("ERROR")
    return made


def views(spark: Any, of: Tables) -> None:
    """The two files as the views `leads` and `events`."""
    spark.read.parquet(str(of.leads)).createOrReplaceTempView("leads")
    spark.read.parquet(str(of.events)).createOrReplaceTempView("events")


def in_spark(spark: Any, text: str, of: Tables) -> pyarrow.Table:
    views(spark, of)
    return spark.sql(text).toArrow()


def ours(spark: Any, of: Tables) -> pyarrow.Table:
    import leadscore
    from leadscore.scores import SparkScores

    views(spark, of)
    try:
        scores = leadscore.load(MODEL).score_table(
            spark.table("leads"), spark.table("events"), as_of=AS_OF, engine="spark"
        )
    except leadscore.DataError as problem:
        raise SystemExit(f"{OURS}: {problem} (--peers-only leaves it out)") from problem
    assert isinstance(scores, SparkScores)
    table = scores.to_arrow()
    scores.close()  # else the next round would be served from what Spark keeps of this one
    return table


def read(spark: Any, of: Tables) -> None:
    for path in (of.leads, of.events):
        spark.read.parquet(str(path)).write.format("noop").mode("overwrite").save()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--size", choices=SIZES, default="small", help="how many leads and events")
    parser.add_argument("--ids", choices=("integer", "text"), default="integer")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--data", type=Path, default=DATA, help="folder for the tables")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--memory", default="4g", help="of Spark's driver, in which it all runs")
    parser.add_argument("--peers-only", action="store_true", help="without ours")
    given = parser.parse_args()
    if given.rounds < 2:
        parser.error("--rounds: at least 2, or there are no quartiles")
    of = tables(given.data, *SIZES[given.size], given.ids)
    spark = session(given.threads, given.memory)
    try:
        measure(spark, of, given)
    finally:
        spark.stop()


def measure(spark: Any, of: Tables, given: argparse.Namespace) -> None:
    """Compares and times all approaches, and prints what came out."""
    sides: dict[str, Approach] = {} if given.peers_only else {OURS: partial(ours, spark)}
    for name, events in ((EXPERT, "filter"), (NAIVE, "naive")):
        sides[name] = partial(in_spark, spark, sql_peers.by_hand("spark", events))
    print(
        f"{of.lead_count:,} leads with 20 properties, {of.event_count:,} events, {given.ids} ids; "
        f"local[{given.threads}] of {os.cpu_count()} cores, {given.memory}, "
        f"Python {sys.version.split()[0]}, " + versions("leadscore", "pyspark")
    )
    on_duckdb = partial(sql_peers.in_duckdb, sql_peers.by_hand("duckdb", "filter"))
    compared: dict[str, Approach] = {**sides, "SQL on DuckDB": on_duckdb}
    compare(compared, of)
    print(f"the same scores and labels of all leads from: {', '.join(compared)}")
    running: dict[str, Callable[[], object]] = {READ: partial(read, spark, of)}
    running |= {name: partial(side, of) for name, side in sides.items()}
    times = interleaved(running, given.rounds)
    head = ["", "seconds", "times reading"] + ([f"times {OURS}"] if OURS in sides else [])
    rows = []
    for name, seconds in times.items():
        row = [name, f"{statistics.median(seconds):.3g}", ratio(seconds, times[READ])]
        rows.append(row + ([ratio(seconds, times[OURS])] if OURS in sides else []))
    print(f"medians of {given.rounds} rounds, in brackets the quartiles")
    print_table(head, rows)
    if OURS in sides:
        found = middle_ratio(times[NAIVE], times[OURS])
        print_goal(f"{NAIVE}, times ours", found, 2.5, least=True)


if __name__ == "__main__":
    main()
