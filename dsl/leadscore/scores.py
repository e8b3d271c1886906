"""Many leads: tables in, one row of outputs a lead out, in the order of the leads.

Which engine does it is the caller's choice; all give the same digits. Several models read the
tables once.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from datetime import date, datetime, tzinfo
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from leadscore.engines.run import Request, Run
from leadscore.errors import DataError
from leadscore.model import Lead, Model, as_of_seconds_of, check_time_pattern, zone_of
from leadscore.needs import Needs
from leadscore.receipt import Receipt
from leadscore.report import Report

if TYPE_CHECKING:
    import pandas
    import polars
    import pyarrow
    from pyspark.sql import DataFrame

    from leadscore.data import Tables
    from leadscore.engines.spark import SparkRun
    from leadscore.engines.spark_frames import SparkFrames

ENGINES = ("duckdb", "python", "spark")


def open_run(
    models: Sequence[Model],
    tables: Tables,
    needs: Needs,
    *,
    as_of: int,
    time_zone: tzinfo,
    time_pattern: str | None = None,
    prefixes: Sequence[str] = ("",),
    receipt: bool = False,
    keep: bool = False,
    engine: str = "duckdb",
) -> Run:
    """A run of `models` over tables that were opened with `needs`; `as_of` is in seconds."""
    request = Request(
        tuple(models),
        tuple(prefixes),
        tables,
        needs,
        time_zone,
        as_of,
        time_pattern,
        receipt,
        keep,
    )
    check_time_pattern(time_pattern)
    if engine == "python":
        from leadscore.engines.python import PythonRun

        return PythonRun(request)
    if engine == "duckdb":
        from leadscore.engines.duckdb import DuckDbRun

        return DuckDbRun(request)
    if engine == "spark":
        from leadscore.engines.spark import exported_run

        return exported_run(request, tables)
    raise DataError(f"there is no engine {engine!r}; there are: {', '.join(ENGINES)}")


def explain(
    model: Model,
    tables: Tables,
    id: str,
    *,
    as_of: int,
    time_zone: tzinfo,
    time_pattern: str | None = None,
) -> tuple[Receipt, Report]:
    """The receipt of one lead of tables that were opened for `model`, and what there is to say.

    `as_of` is in seconds. Raises DataError where there is no lead with that id.
    """
    from leadscore.engines.python import Scorer

    bound = model.bound(time_zone, time_pattern)
    sizes = len(model.needs.properties), len(model.needs.attributes)
    places = list(range(sizes[0])), list(range(sizes[1]))
    row = tables.find_lead(id)
    scorer = Scorer(model, places, sizes, bound, as_of)
    result = model.score_row(*scorer.inputs(row), as_of, bound, Lead(row.id))
    report = Report()
    report.merge(result.report)
    report.merge(tables.report)
    return result.receipt, report


class Scores:
    """The outputs of a model for a table of leads: one row a lead, in their order.

    Anything that reads Arrow takes it as it is (``__arrow_c_stream__``). Scores are float64, the
    nearest to the exact value; labels are text; what a lead does not have is null.
    """

    def __init__(self, table: pyarrow.Table, report: Report) -> None:
        self._table = table
        self.report = report
        """What could not be read, leads with the same id, events that matched no lead, …"""

    def to_arrow(self) -> pyarrow.Table:
        """As a pyarrow.Table."""
        return self._table

    def to_pandas(self) -> pandas.DataFrame:
        """As a pandas frame; raises DataError where pandas is not installed."""
        _installed("pandas")
        frame: pandas.DataFrame = self._table.to_pandas()
        return frame

    def to_polars(self) -> polars.DataFrame:
        """As a polars frame; raises DataError where polars is not installed."""
        _installed("polars")
        import polars

        frame = polars.from_arrow(self._table)
        assert isinstance(frame, polars.DataFrame)
        return frame

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        return self._table.__arrow_c_stream__(requested_schema)

    def __len__(self) -> int:
        return int(self._table.num_rows)

    def __repr__(self) -> str:
        return f"<Scores, leads: {len(self)}, columns: {', '.join(self._table.column_names)}>"


class SparkScores(Scores):
    """Scores that Spark holds; `to_spark` leaves them there, the rest brings them here."""

    def __init__(self, frames: SparkFrames, run: SparkRun) -> None:
        self._frames = frames
        self._run = run
        self.report = run.report()

    @cached_property
    def _table(self) -> pyarrow.Table:
        return _as_table(self._run)

    def to_spark(self) -> DataFrame:
        """As a Spark DataFrame, in no order; kept by Spark until `close`."""
        return self._run.frame()

    def __len__(self) -> int:
        return self._frames.lead_count

    def __repr__(self) -> str:
        columns = ", ".join(self._run.request.columns)
        return f"<SparkScores, leads: {len(self)}, columns: {columns}>"

    def close(self) -> None:
        """Let Spark forget the scores, and the names under which it knew the tables."""
        self._run.close()
        self._frames.close()


def _installed(library: str) -> None:
    from importlib.util import find_spec

    if find_spec(library) is None:
        raise DataError(f"to_{library}() needs {library}: pip install {library}")


def _given(tables: object, columns: list[str]) -> object:
    """Tables as they are given; an empty list is a table without rows."""
    if not isinstance(tables, list) or tables:
        return tables
    import pyarrow

    return pyarrow.table({name: pyarrow.array([], pyarrow.string()) for name in columns})


def score_table(
    model: Model,
    leads: object,
    events: object,
    lists: object,
    *,
    as_of: str | date | datetime | None,
    id: str | None,
    time_zone: str | tzinfo,
    engine: str,
    receipt: bool,
    allow_missing: bool,
    event_columns: Mapping[str, str] | None,
    rejects: str | os.PathLike[str] | None,
    time_pattern: str | None,
    contacts: object,
    memory_limit: str,
) -> Scores:
    """See `Model.score_table`."""
    from leadscore.data import open_tables

    if engine not in ENGINES:
        raise DataError(f"there is no engine {engine!r}; there are: {', '.join(ENGINES)}")
    zone = zone_of(time_zone)
    moment = as_of_seconds_of(as_of, zone)
    if type(leads).__module__.startswith("pyspark."):
        if engine != "spark":
            raise DataError("the leads are a Spark DataFrame: score them with engine='spark'")
        from leadscore.engines.spark import frames_run

        if contacts is not None or rejects is not None:
            raise DataError("contacts= and rejects= are for tables that are no Spark DataFrames")
        frames, spark_run = frames_run(
            model,
            leads,
            events,
            lists,
            as_of=moment,
            id=id,
            zone=zone,
            receipt=receipt,
            allow_missing=allow_missing,
            event_columns=event_columns,
            time_pattern=time_pattern,
        )
        return SparkScores(frames, spark_run)
    with open_tables(
        model.needs,
        leads,
        _given(events, ["lead_id", "event", "time", *(a.name for a in model.needs.attributes)]),
        _given(lists, ["lead_id", "list"]),
        id=id,
        time_zone=zone,
        contacts=contacts,
        as_of=moment,
        allow_missing=allow_missing,
        event_columns=event_columns,
        rejects=rejects,
        model=Path(model.source.name).name,
        memory_limit=memory_limit,
    ) as tables:
        run = open_run(
            [model],
            tables,
            model.needs,
            as_of=moment,
            time_zone=zone,
            time_pattern=time_pattern,
            receipt=receipt,
            engine=engine,
        )
        return Scores(_as_table(run), run.report())


def _as_table(run: Run) -> pyarrow.Table:
    """All batches of a run, points as doubles."""
    import pyarrow

    batches = [_as_doubles(batch) for batch in run.batches()]
    names = run.request.columns
    schema = pyarrow.schema(
        [
            (name, pyarrow.float64() if at and name in run.request.numbers else pyarrow.string())
            for at, name in enumerate(names)
        ]
    )
    return pyarrow.Table.from_batches(batches, schema)


def _as_doubles(batch: pyarrow.RecordBatch) -> pyarrow.RecordBatch:
    """A batch whose points are the doubles that are nearest to them."""
    import pyarrow

    from leadscore.data.unit_columns import is_units, nearest_doubles

    return pyarrow.RecordBatch.from_arrays(
        [
            nearest_doubles(column) if is_units(field) else column
            for field, column in zip(batch.schema, batch.columns, strict=True)
        ],
        names=batch.schema.names,
    )
