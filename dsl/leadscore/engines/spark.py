"""The Spark engine: the same SQL on Spark, for data that one machine has outgrown.

Tables that are DataFrames stay where they are: nothing of them comes to the driver but counts and
examples for the report, and the scores only where they are asked for here. All other tables are
read by our one reader and handed to Spark as Parquet, so that a CSV means the same everywhere.

The result is kept by Spark (`persist`) when the run is made, because what there is to report is
told from it. Spark has no order of rows: scores that come here are sorted by the number of their
lead, which is that of our reader, or that of Spark's own scan.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import tzinfo
from pathlib import Path
from typing import TYPE_CHECKING, Any

from leadscore.data.relations import EVENT_INPUT, LEAD_INPUT, LIST_INPUT
from leadscore.engines.asked import overflow, query_of, tell_of_events
from leadscore.engines.run import Progress, Request, merged_report
from leadscore.engines.spark_frames import SparkFrames, fresh_prefix
from leadscore.errors import DataError
from leadscore.report import Report
from leadscore.targets.sql.counting import MOST_PACKED
from leadscore.targets.sql.dialects.spark import Spark
from leadscore.targets.sql.emit import MOST_UNREAD, Query

if TYPE_CHECKING:
    import pyarrow as pa
    from pyspark.sql import DataFrame, SparkSession

    from leadscore.data import Tables
    from leadscore.model import Model

BATCH = 65_536
"""Leads in a batch."""


def session() -> SparkSession:
    """The session that there is, or a new local one. Raises DataError without Spark or Java."""
    try:
        from pyspark.sql import SparkSession
    except ImportError as error:
        raise DataError(
            "The Spark engine needs pyspark: pip install 'leadscore[spark]', and Java 17 or later."
        ) from error
    try:
        return SparkSession.builder.appName("leadscore").getOrCreate()
    except Exception as error:  # of the gateway to Java, in many shapes
        raise DataError(
            f"Spark cannot be started: {str(error).splitlines()[0]} Is Java 17 or later installed?"
        ) from error


_METHOD_LIMIT = "spark.sql.codegen.hugeMethodLimit"
_COMPILED = 8000
"""Bytes of a method that Java compiles; larger ones it interprets for ever."""


@contextmanager
def compilable(spark: SparkSession) -> Iterator[None]:
    """In here, Spark makes no methods that Java would not compile; it does what they would."""
    before = spark.conf.get(_METHOD_LIMIT, None)
    fixed = not spark.conf.isModifiable(_METHOD_LIMIT)
    if fixed or before is None or int(before) <= _COMPILED:
        yield
        return
    spark.conf.set(_METHOD_LIMIT, str(_COMPILED))
    try:
        yield
    finally:
        spark.conf.set(_METHOD_LIMIT, before)


class Exported:
    """Tables of our reader as Parquet files that Spark reads, in a folder that goes on closing."""

    def __init__(self, tables: Tables) -> None:
        """Writes the files. Raises DataError."""
        self.session = session()
        self.prefix = fresh_prefix()
        self._folder = Path(tempfile.mkdtemp(prefix="leadscore-spark-"))
        self._views: list[str] = []
        try:
            for relation in (LEAD_INPUT, EVENT_INPUT, LIST_INPUT):
                self._export(tables, relation)
        except BaseException:
            self.close()
            raise

    def _export(self, tables: Tables, relation: str) -> None:
        import pyarrow.parquet as pq

        path = self._folder / f"{relation}.parquet"
        with tables.reading():
            reader = tables.connection.sql(f"SELECT * FROM {relation}").to_arrow_reader(BATCH)
            with pq.ParquetWriter(str(path), reader.schema) as writer:
                for batch in reader:
                    writer.write_batch(batch)
        view = self.prefix + relation
        self.session.read.parquet(str(path)).createOrReplaceTempView(view)
        self._views.append(view)

    def close(self) -> None:
        """Remove the files."""
        for view in self._views:
            self.session.catalog.dropTempView(view)
        shutil.rmtree(self._folder, ignore_errors=True)


class SparkRun:
    """See :class:`leadscore.engines.run.Run`; made over DataFrames, or tables of our reader."""

    def __init__(
        self,
        request: Request,
        spark: SparkSession,
        prefix: str,
        closing: Callable[[], None] | None = None,
    ) -> None:
        """`prefix` stands before the names of the three views in the session.

        `closing` removes the tables, where they are there for this run only; then so is the
        result, once all of it has come out.
        """
        self._closing = closing
        self.request = request
        self.excluded = [0] * len(request.models)
        self._spark = spark
        self._prefix = prefix
        self._reports = [Report() for _ in request.models]
        self._query = self._emit(packed=True)
        with compilable(spark):
            self._result = self._scored()
        self._told = False

    def _emit(self, *, packed: bool) -> Query:
        return query_of(
            self.request, Spark(), self._prefix, packed=packed, counted=packed, ordered=False
        )

    def _scored(self) -> DataFrame:
        result = self._run()
        if self._query.makes("event_words"):
            place = self._place("many")
            column = result.columns[place]
            most = result.agg({column: "max"}).collect()[0][0]
            if most is not None and most > MOST_PACKED:
                # Rare, and slower: one counter would run over into the next.
                result.unpersist()
                self._query = self._emit(packed=False)
                result = self._run()
        return result

    def _run(self) -> DataFrame:
        frame = self._spark.sql(self._query.sql())
        # Names of columns are not compared with case in Spark: by place they are all different.
        return frame.toDF(*(f"c{at}" for at in range(len(frame.columns)))).persist()

    def _place(self, what: str) -> int:
        (place,) = self._query.places(what)
        return place

    # What comes out

    def frame(self) -> DataFrame:
        """The scores as a DataFrame: points as doubles, nearest to the exact value."""
        from pyspark.sql import functions as f

        self._tell()
        request, dialect = self.request, self._query.dialect
        wanted = [self._place("id"), *self._query.scored]
        columns = []
        for at, name in zip(wanted, request.columns, strict=True):
            number = name in request.numbers and at != wanted[0]
            expression = dialect.points(f"c{at}") if number else f"c{at}"
            columns.append(f.expr(expression).alias(name))
        return self._result.select(*columns)

    def batches(self, progress: Progress | None = None) -> Iterator[pa.RecordBatch]:
        """See `Run`."""
        import pyarrow as pa

        self._tell()
        request = self.request
        own = self._query.places("kept" if request.keep else "id")
        wanted = [*own, *self._query.scored]
        row = f"c{self._place('row')}"
        chosen = [f"c{at}" for at in wanted]
        table = self._result.select(row, *chosen).toArrow().sort_by(row).drop([row])
        fields = request.scored_fields()
        names = request.columns[: len(own)]
        kept = [pa.field(name, table.schema.field(at).type) for at, name in enumerate(names)]
        table = table.cast(
            pa.schema(
                [
                    *(pa.field(f.name, f.type) for f in list(table.schema)[: len(own)]),
                    *(
                        pa.field(f"c{at}", field.type)
                        for at, field in zip(wanted[len(own) :], fields, strict=True)
                    ),
                ]
            )
        )
        schema = pa.schema([*kept, *fields])
        done = 0
        for batch in table.combine_chunks().to_batches(BATCH):
            yield pa.RecordBatch.from_arrays(batch.columns, schema=schema)
            done += batch.num_rows
            if progress is not None:
                progress(done, request.tables.lead_count)
        if self._closing is not None:
            self.close()

    # What there is to say

    def _tell(self) -> None:
        """Find what there is to report, once; raises EvaluationError at a sum past 64 bits."""
        if self._told:
            return
        self._told = True
        with compilable(self._spark):
            self._find()

    def _find(self) -> None:
        self._look_for_problems()
        request, result = self.request, self._result
        scores = self._query.scores(request.prefixes)
        sums = [f"count_if(c{at} is null)" for at in scores]
        masks = [f"c{at}" for at in self._query.places("unread")]
        for number, mask in enumerate(masks):
            left = len(self._query.lead_unread) - number * MOST_UNREAD
            sums += [
                f"count_if(({mask} & {1 << bit}) <> 0)" for bit in range(min(MOST_UNREAD, left))
            ]
        found = list(result.selectExpr(*sums).collect()[0])
        for model, report in enumerate(self._reports):
            self.excluded[model] = report.excluded = found[model]
            report.leads = request.tables.lead_count
        for place, count in enumerate(found[len(scores) :]):
            if count:
                model, unread = self._query.lead_unread[place]
                mask, bit = masks[place // MOST_UNREAD], place % MOST_UNREAD
                row = f"c{self._place('row')}"
                first = f"select min({row}) from {{result}} where ({mask} & {1 << bit}) <> 0"
                number = self._spark.sql(first, result=result).collect()[0][0]
                value = self._row(
                    f"select cast({unread.source} as string) from {self._prefix}{LEAD_INPUT} "
                    f"where row = {number}"
                )[0]
                self._reports[model].unread(unread.name, unread.expected, value, count)
        tell_of_events(request, self._query, self._reports, self._rows, self._prefix)

    def _look_for_problems(self) -> None:
        places = self._query.places("problem")
        if not places:
            return
        row, identity = f"c{self._place('row')}", f"c{self._place('id')}"
        found = (
            self._result.where(" or ".join(f"c{at} is not null" for at in places))
            .orderBy(row)
            .select(identity, *(f"c{at}" for at in places))
            .limit(1)
            .collect()
        )
        for id_, *lines in found:
            for at, line in zip(places, lines, strict=True):
                if line is not None:
                    raise overflow(self.request, self._query, at, line, id_)

    def _rows(self, sql: str) -> list[tuple[Any, ...]]:
        return [tuple(row) for row in self._spark.sql(sql).collect()]

    def _row(self, sql: str) -> tuple[Any, ...]:
        return self._rows(sql)[0]

    def report(self) -> Report:
        """See `Run`."""
        self._tell()
        return merged_report(self._reports, self.request.tables)

    def close(self) -> None:
        """Let Spark forget the result."""
        self._result.unpersist()
        if self._closing is not None:
            self._closing()


def exported_run(request: Request, tables: Tables) -> SparkRun:
    """A run over tables of our reader. Raises DataError where there is no Spark."""
    exported = Exported(tables)
    try:
        return SparkRun(request, exported.session, exported.prefix, exported.close)
    except BaseException:
        exported.close()
        raise


def frames_run(
    model: Model,
    leads: Any,
    events: object,
    lists: object,
    *,
    as_of: int,
    id: str | None,
    zone: tzinfo,
    receipt: bool,
    allow_missing: bool,
    event_columns: Mapping[str, str] | None,
    time_pattern: str | None,
) -> tuple[SparkFrames, SparkRun]:
    """A run over DataFrames, with the views that it looks at. Raises DataError."""
    frames = SparkFrames(
        model.needs,
        leads,
        events,
        lists,
        id=id,
        event_columns=event_columns,
        allow_missing=allow_missing,
        model=Path(model.source.name).name,
    )
    request = Request(
        (model,), ("",), frames, model.needs, zone, as_of, time_pattern, receipt, keep=False
    )
    try:
        return frames, SparkRun(request, frames.session, frames.prefix)
    except BaseException:
        frames.close()
        raise
