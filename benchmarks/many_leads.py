"""Many leads at once: `Model.score_table` beside SQL by hand on the same DuckDB, Polars and pandas.

Run it with `python -m benchmarks.many_leads --size small`. It makes the tables, runs every approach
once and compares the scores of all leads, and only then times them, in rounds in which they take
turns; ratios are those of one round. Peaks of memory are of new processes, one an approach. With
`--growth` it goes on with generated models of 10 to 160 rules, and with fewer leads and events.
The tables stay in the folder of `--data`: 0.4 GB at the full size, 1.3 GB with `--growth`.

The yardstick is reading all columns of both Parquet files into Arrow, by pyarrow and by DuckDB,
whichever is faster. Every approach starts from the files and ends with an Arrow table.
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks import growth_rules, pandas_peer, polars_peer, sql_peers
from benchmarks.crm_data import AS_OF, SIZES, Tables, tables
from benchmarks.timing import (
    alone,
    interleaved,
    library,
    middle_ratio,
    peak_here,
    print_goal,
    print_table,
    processor_here,
    ratio,
    versions,
)

if TYPE_CHECKING:
    import pyarrow

MODEL = Path(__file__).parent / "models" / "many_leads.score"
DATA = Path(__file__).parent / ".data"
UNIT = 10_000_000

Approach = Callable[[Tables], "pyarrow.Table"]

READERS = ("read by pyarrow", "read by DuckDB")
OURS = "leadscore"
EXPERT = "SQL, FILTER a rule"
TEXTBOOK = "SQL, FILTER and row_number"
NAIVE = "SQL, a join a rule"


def read_by_pyarrow(of: Tables) -> object:
    from pyarrow import parquet

    return parquet.read_table(of.leads), parquet.read_table(of.events)


def read_by_duckdb(of: Tables) -> object:
    return sql_peers.in_duckdb("FROM leads", of), sql_peers.in_duckdb("FROM events", of)


def ours(of: Tables, model: str | Path, engine: str) -> pyarrow.Table:
    import leadscore

    loaded = leadscore.load(model) if isinstance(model, Path) else leadscore.loads(model)
    try:
        scores = loaded.score_table(str(of.leads), str(of.events), as_of=AS_OF, engine=engine)
    except leadscore.DataError as problem:
        raise SystemExit(f"{OURS}: {problem}") from problem
    return scores.to_arrow()


def approaches(engine: str) -> dict[str, Approach]:
    """By name, those of the hand-written model; ours is the first."""
    return {
        OURS: partial(ours, model=MODEL, engine=engine),
        EXPERT: lambda of: sql_peers.in_duckdb(sql_peers.by_hand("duckdb", "filter"), of),
        TEXTBOOK: lambda of: sql_peers.in_duckdb(sql_peers.by_hand("duckdb", "filter_ranked"), of),
        NAIVE: lambda of: sql_peers.in_duckdb(sql_peers.by_hand("duckdb", "naive"), of),
        "Polars": polars_peer.scores,
        "pandas and numpy": pandas_peer.scores,
    }


def generated(rules: int, engine: str) -> dict[str, Approach]:
    """By name, those of a generated model."""
    model = growth_rules.model(rules)
    return {
        OURS: partial(ours, model=model.score, engine=engine),
        EXPERT: partial(sql_peers.in_duckdb, model.filter),
        NAIVE: partial(sql_peers.in_duckdb, model.naive),
    }


def comparable(table: pyarrow.Table) -> pyarrow.Table:
    """Ids as text and points in whole units, in the order of the ids."""
    import pyarrow
    from pyarrow import compute

    columns = {"id": table.column("id").cast(pyarrow.string())}
    for name in ("score", "fit", "engagement"):
        column = table.column(name)
        if pyarrow.types.is_floating(column.type):
            # The double nearest to a number of units / 10^7: rounding gives the number back.
            column = compute.round(compute.multiply(column, float(UNIT)))
        columns[name] = column.cast(pyarrow.int64())
    columns["label"] = table.column("label").cast(pyarrow.string())
    return pyarrow.table(columns).sort_by("id").combine_chunks()


def compare(sides: dict[str, Approach], of: Tables) -> None:
    """All sides say the same of every lead.

    Raises SystemExit, with the first lead that differs, where they do not: then there is nothing to
    measure.
    """
    from pyarrow import compute

    first, *others = sides
    wanted = comparable(sides[first](of))
    if wanted.num_rows != of.lead_count:
        raise SystemExit(f"{first}: {wanted.num_rows} rows for {of.lead_count} leads")
    for name in others:
        found = comparable(sides[name](of))
        if found.num_rows != of.lead_count:
            raise SystemExit(f"{name}: {found.num_rows} rows for {of.lead_count} leads")
        for column in wanted.column_names:
            same = compute.equal(wanted.column(column), found.column(column))
            if not compute.all(compute.fill_null(same, False)).as_py():
                place = compute.index(compute.fill_null(same, False), False).as_py()
                raise SystemExit(
                    f"{column} differs: {first} says {wanted.slice(place, 1).to_pylist()[0]}, "
                    f"{name} says {found.slice(place, 1).to_pylist()[0]}"
                )


def timed(sides: dict[str, Approach], of: Tables, rounds: int) -> dict[str, list[float]]:
    """Seconds of both readers and of each side, one figure a round."""
    return interleaved(
        {
            READERS[0]: partial(read_by_pyarrow, of),
            READERS[1]: partial(read_by_duckdb, of),
            **{name: partial(side, of) for name, side in sides.items()},
        },
        rounds,
    )


def yardstick(times: dict[str, list[float]]) -> str:
    """The name of the faster reader."""
    return min(READERS, key=lambda name: statistics.median(times[name]))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--size", choices=SIZES, default="small", help="how many leads and events")
    parser.add_argument("--ids", choices=("integer", "text"), default="integer")
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--engine", default="duckdb", help="ours: duckdb or python")
    parser.add_argument("--only", nargs="*", default=[], metavar="NAME", help="parts of names")
    parser.add_argument("--data", type=Path, default=DATA, help="folder for the tables")
    parser.add_argument("--growth", action="store_true", help="more rules, fewer leads and events")
    parser.add_argument("--no-memory", action="store_true", help="no peaks of memory")
    parser.add_argument(
        "--processor", action="store_true", help="seconds of processors: on a busy machine"
    )
    parser.add_argument("--alone", metavar="NAME", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.rounds < 2:
        parser.error("--rounds: at least 2, or there are no quartiles")
    for name in ("numpy", "pandas", "polars"):
        library(name)

    of = tables(given.data, *SIZES[given.size], given.ids)
    sides = approaches(given.engine)
    if given.alone:
        # A process of its own, which does one thing once, and says what that took.
        readers = {READERS[0]: read_by_pyarrow, READERS[1]: read_by_duckdb}
        before = processor_here()
        result = {**readers, **sides}[given.alone](of)
        print(processor_here() - before, peak_here())
        del result
        return
    if given.only:
        sides = {
            name: side
            for name, side in sides.items()
            if any(part.lower() in name.lower() for part in given.only)
        }
        if not sides:
            parser.error(f"--only: no name has such a part; there are: {', '.join(approaches(''))}")

    print(
        f"{of.lead_count:,} leads with 20 properties, {of.event_count:,} events, {given.ids} ids; "
        f"20 rules on properties, 20 on events; {os.cpu_count()} cores, "
        f"Python {sys.version.split()[0]}, "
        + versions("leadscore", "duckdb", "pyarrow", "polars", "pandas", "numpy")
    )
    compare(sides, of)
    print(f"the same scores and labels of all leads from: {', '.join(sides)}")
    arguments = ["--size", given.size, "--ids", given.ids, "--data", str(given.data.resolve())]
    arguments += ["--engine", given.engine]
    if given.processor:
        processor([*READERS, *sides], arguments, given.rounds)
        return
    memory: dict[str, str] = {}
    if not given.no_memory:
        for name in (*READERS, *sides):
            _, peak = alone("benchmarks.many_leads", *arguments, "--alone", name)
            memory[name] = f"{peak:,.0f}"
    times = timed(sides, of, given.rounds)
    base = yardstick(times)
    head = ["", "seconds", "times reading"]
    head += [f"times {OURS}"] if OURS in sides else []
    head += ["peak MiB"] if memory else []
    rows = []
    for name, seconds in times.items():
        row = [name, f"{statistics.median(seconds):.3g}", ratio(seconds, times[base])]
        row += [ratio(seconds, times[OURS])] if OURS in sides else []
        row += [memory[name]] if memory else []
        rows.append(row)
    print(f"medians of {given.rounds} rounds, in brackets the quartiles; reading: {base}")
    print_table(head, rows)
    if OURS in sides:
        print("goals")
        print_goal("times reading", middle_ratio(times[OURS], times[base]), 6, least=False)
        for name, bound in ((NAIVE, 1.4), (EXPERT, 2.0), (TEXTBOOK, 2.0)):
            if name in times:
                found = middle_ratio(times[name], times[OURS])
                print_goal(f"{name}, times ours", found, bound, least=True)
        if memory:
            peak = float(memory[OURS].replace(",", "")) / 1024
            print_goal("peak, GiB", peak, 2, least=False)
    if given.growth:
        growth(given)


def processor(names: list[str], arguments: list[str], rounds: int) -> None:
    """Prints how long each approach keeps processors busy, in processes of their own, in turns."""
    found: dict[str, list[float]] = {name: [] for name in names}
    peaks: dict[str, float] = {}
    for number in range(rounds):
        for name in names if number % 2 else names[::-1]:
            busy, peak = alone("benchmarks.many_leads", *arguments, "--alone", name)
            found[name].append(busy)
            peaks[name] = max(peak, peaks.get(name, 0))
    base = yardstick(found)
    print(f"seconds of processors, medians of {rounds} rounds; reading: {base}")
    rows = [
        [name, f"{statistics.median(busy):.3g}", ratio(busy, found[base]), f"{peaks[name]:,.0f}"]
        for name, busy in found.items()
    ]
    print_table(["", "seconds", "times reading", "peak MiB"], rows)


def growth(given: argparse.Namespace) -> None:
    """Prints the times of generated models by rules, then of one of them by leads and events."""
    leads, events = SIZES[given.size]
    of = tables(given.data, leads, events, given.ids)
    rows = []
    own: dict[int, list[float]] = {}
    for rules in (10, 40, 120, 160):
        sides = generated(rules, given.engine)
        compare(sides, of)
        times = timed(sides, of, given.rounds)
        own[rules] = times[OURS]
        rows.append(_growth_row(f"{rules} rules", times))
    print(f"\ngrowth with rules: {leads:,} leads, {events:,} events")
    print_table(GROWTH_HEAD, rows)
    # Not of one round: each number of rules has rounds of its own.
    found = statistics.median(own[120]) / statistics.median(own[40])
    print_goal("120 rules, times 40 rules", found, 1.8, least=False)
    rows = []
    sides = generated(40, given.engine)
    for few_leads, few_events in (
        (leads // 10, events // 10),
        (leads // 10, events),
        (leads, events // 10),
        (leads, events),
    ):
        of = tables(given.data, few_leads, few_events, given.ids)
        compare(sides, of)
        times = timed(sides, of, given.rounds)
        rows.append(_growth_row(f"{few_leads:,} leads, {few_events:,} events", times))
    print("\ngrowth with leads and events: 40 rules")
    print_table(GROWTH_HEAD, rows)


GROWTH_HEAD = ("seconds", "reading", OURS, EXPERT, NAIVE, "ours, times reading")


def _growth_row(name: str, times: dict[str, list[float]]) -> list[str]:
    base = yardstick(times)
    middles = [f"{statistics.median(times[side]):.3g}" for side in (base, OURS, EXPERT, NAIVE)]
    return [name, *middles, ratio(times[OURS], times[base])]


if __name__ == "__main__":
    main()
