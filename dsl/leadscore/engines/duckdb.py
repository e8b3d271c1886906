"""The DuckDB engine: all leads at once, by the SQL of the plan, in the tables' own database.

The events that rules look at are gone over once: their counts and sums by lead become a temporary
table. The leads follow in a second query beside it, which is streamed. What there is to report of
the events is told from that table, and from the ids and times of those that it has not counted;
of the leads, there are bits for values that cannot be read. Only where there are such, single rows
are looked up for examples.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, cast

from leadscore.data.relations import LEAD_INPUT, EventCounts
from leadscore.engines.asked import (
    Rows,
    Told,
    among_known,
    overflow,
    query_of,
    reported_columns,
    tell_of_events,
)
from leadscore.engines.run import Progress, Request, merged_report
from leadscore.report import Report
from leadscore.targets.sql.counting import MANY, MOST_PACKED
from leadscore.targets.sql.dialects.duckdb import DuckDb
from leadscore.targets.sql.emit import MOST_UNREAD, Query, Stage
from leadscore.targets.sql.query import Select, with_selects

if TYPE_CHECKING:
    import pyarrow as pa

    from leadscore.data import Tables


BATCH = 65_536
"""Leads in a batch."""
_EXAMPLES = 3
"""Ids of unknown leads that a report shows."""
_POLL = 0.1
"""Seconds between two looks at the progress of a query."""
_EVENTS_PART = 0.75
"""The part of the progress that the events are said to be."""


class DuckDbRun:
    """See :class:`leadscore.engines.run.Run`."""

    def __init__(self, request: Request) -> None:
        self.request = request
        self._tables = cast("Tables", request.tables)
        self.excluded = [0] * len(request.models)
        self._reports = [Report() for _ in request.models]
        self._made: list[str] = []
        """What was made for the run, the last first, as statements that drop it."""
        self._progress: Progress | None = None
        self._query = query_of(request, DuckDb(), packed=True)
        self._unread: dict[int, list[int]] = {}
        """By place in `lead_unread`: how many, and the first row."""

    # Running it

    def batches(self, progress: Progress | None = None) -> Iterator[pa.RecordBatch]:
        """See `Run`."""
        tables = self._tables
        self._progress = progress
        with tables.reading():
            self._make_facts()
            yield from self._scores()
            self._finish()
            self._drop()

    def _drop(self) -> None:
        """Drop what was made. After an error it goes with the tables' database."""
        for statement in self._made:
            self._tables.connection.execute(statement)
        self._made.clear()

    def _make_facts(self) -> None:
        for stage in self._query.facts:
            self._make(stage)
        if not self._query.makes("event_words"):
            return
        most = self._row(f"SELECT max({MANY}) FROM event_words WHERE lead IS NOT NULL")[0] or 0
        if most > MOST_PACKED:
            # Rare, and slower: one counter would run over into the next.
            self._drop()
            self._query = query_of(self.request, DuckDb(), packed=False)
            for stage in self._query.facts:
                self._make(stage)

    def _make(self, stage: Stage) -> None:
        sql = f"CREATE TEMPORARY TABLE {stage.name} AS {stage.sql(self._query.dialect)}"
        if self._progress is None:
            self._tables.connection.execute(sql)
        else:
            self._execute_beside(sql, self._progress)
        self._made.insert(0, f"DROP TABLE IF EXISTS {stage.name}")

    def _execute_beside(self, sql: str, progress: Progress) -> None:
        """Run a statement in a thread, so that how far it is can be told."""
        connection = self._tables.connection
        failed: list[BaseException] = []

        def work() -> None:
            try:
                connection.execute(sql)
            except BaseException as error:  # handed over to the thread that waits
                failed.append(error)

        thread = threading.Thread(target=work, name="leadscore-duckdb", daemon=True)
        thread.start()
        total = self.request.tables.lead_count
        try:
            while thread.is_alive():
                thread.join(_POLL)
                part = max(0.0, connection.query_progress()) / 100
                progress(int(_EVENTS_PART * part * total), total)
        except BaseException:
            connection.interrupt()
            thread.join()
            raise
        if failed:
            raise failed[0]

    def _scores(self) -> Iterator[pa.RecordBatch]:
        import pyarrow as pa

        request, query = self.request, self._query
        last = query.stages[-1]
        own = query.places("kept" if request.keep else "id")
        scored, scores = query.scored, query.scores(request.prefixes)
        fields = request.scored_fields()
        names = request.columns[: len(own)]
        done, total = 0, request.tables.lead_count
        reader = self._tables.connection.sql(last.sql(query.dialect)).to_arrow_reader(BATCH)
        for batch in reader:
            if not batch.num_rows:
                continue
            self._look_for_problems(batch)
            self._look_for_unread(batch)
            for model, at in enumerate(scores):
                self.excluded[model] += batch.column(at).null_count
            arrays = [batch.column(at) for at in own]
            before = [pa.field(name, a.type) for name, a in zip(names, arrays, strict=True)]
            arrays += [
                batch.column(at).cast(field.type) for at, field in zip(scored, fields, strict=True)
            ]
            yield pa.record_batch(arrays, schema=pa.schema([*before, *fields]))
            done += batch.num_rows
            if self._progress is not None:
                part = _EVENTS_PART + (1 - _EVENTS_PART) * done / total if total else 1
                self._progress(int(part * total), total)

    # What there is to say

    def _look_for_problems(self, batch: pa.RecordBatch) -> None:
        query = self._query
        places = query.places("problem")
        if all(batch.column(at).null_count == batch.num_rows for at in places):
            return
        (identity,) = query.places("id")
        for row in range(batch.num_rows):
            for at in places:
                line = batch.column(at)[row].as_py()
                if line is not None:
                    raise overflow(
                        self.request, query, at, line, batch.column(identity)[row].as_py()
                    )

    def _look_for_unread(self, batch: pa.RecordBatch) -> None:
        """Count the bits that are set, and keep the first row of each."""
        import pyarrow.compute as pc

        (rows,) = self._query.places("row")
        for number, at in enumerate(self._query.places("unread")):
            column = batch.column(at)
            for found in pc.value_counts(column):
                mask, count = found["values"].as_py(), found["counts"].as_py()
                if not mask:
                    continue
                first = batch.column(rows)[pc.index(column, mask).as_py()].as_py()
                for bit in range(MOST_UNREAD):
                    if mask >> bit & 1:
                        place = number * MOST_UNREAD + bit
                        known = self._unread.setdefault(place, [0, first])
                        known[0] += count
                        known[1] = min(known[1], first)

    def _finish(self) -> None:
        tables = self.request.tables
        for report, excluded in zip(self._reports, self.excluded, strict=True):
            report.leads = tables.lead_count
            report.excluded = excluded
        for place in sorted(self._unread):
            count, row = self._unread[place]
            model, unread = self._query.lead_unread[place]
            value = self._row(
                f"SELECT CAST({unread.source} AS VARCHAR) FROM {LEAD_INPUT} WHERE row = {row}"
            )[0]
            self._reports[model].unread(unread.name, unread.expected, value, count)
        look = among_known if tables.relations.same_ids else among_all
        tell_of_events(self.request, self._query, self._reports, self._rows, look=look)

    def _rows(self, sql: str) -> list[tuple[Any, ...]]:
        # All of them: a result that is not fetched to its end is in the way of the next query.
        rows: list[tuple[Any, ...]] = self._tables.connection.execute(sql).fetchall()
        return rows

    def _row(self, sql: str) -> tuple[Any, ...]:
        return self._rows(sql)[0]

    def report(self) -> Report:
        """See `Run`."""
        return merged_report(self._reports, self.request.tables)


def among_all(request: Request, query: Query, rows: Rows, prefix: str) -> Told:
    """As `among_known`, of leads with different ids: events are counted by id, then looked up."""
    reports = query.reports
    assert reports is not None
    names, all_ = reported_columns(query), query.event_counts["all"]
    by_lead = reports.by_lead[-1]
    source = f"{by_lead.name}\nleft join {reports.leads} on of_lead = lead"
    last = Select("", source, by_lead.names)
    stranger = "CASE WHEN of_lead IS NULL THEN CAST(lead AS VARCHAR) END"
    for expression in (
        reports.table or "0",
        "of_lead IS NOT NULL",
        f"min({stranger}, {2 * _EXAMPLES})",  # a lead may be there twice
        f"coalesce(CAST(sum({all_}) FILTER (lead IS NULL) AS BIGINT), 0)",
        *(f"CAST(sum({name}) AS BIGINT)" for name in names),
    ):
        last.add(expression, "told")
    last.group += ["1", "2"]
    columns = dict.fromkeys(names, 0)
    noted = [EventCounts(0, 0, 0, ()) for _ in request.tables.relations.sources]
    for at, known, examples, without_id, *counts in rows(with_selects(reports.by_lead, last)):
        of = dict(zip(names, counts, strict=True))
        if known:
            columns = {name: many + of[name] for name, many in columns.items()}
        strangers = 0 if known else of[all_] - without_id
        before = noted[at]
        noted[at] = EventCounts(
            before.rows + of[all_],
            before.without_id + without_id,
            before.strangers + strangers,
            before.examples if known else tuple(dict.fromkeys(examples or ())),
        )
    return Told(columns, noted)
