"""Many leads: tables in, one row of outputs a lead out, in the order of the leads.

The reader of `leadscore.data` hands the leads over in batches, so memory does not grow with their
number; several models read the tables once.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from operator import itemgetter
from pathlib import Path
from typing import TYPE_CHECKING, Any

from leadscore.errors import DataError
from leadscore.model import Lead, Model, as_of_seconds_of
from leadscore.needs import AttributeNeed, Needs, PropertyNeed
from leadscore.outputs import NUMBERS
from leadscore.receipt import Receipt
from leadscore.report import Report
from leadscore.targets.python.evaluator import Bound
from leadscore.targets.python.runtime import in_zone
from leadscore.values.text import fold

if TYPE_CHECKING:
    import pandas
    import polars
    import pyarrow

    from leadscore.data import LeadRow, Tables

ENGINES = ("python",)

Row = tuple[Any, ...]


def merged_needs(models: Sequence[Model]) -> Needs:
    """What several models read, each column once."""
    properties: dict[tuple[str, ...], PropertyNeed] = {}
    attributes: dict[str, AttributeNeed] = {}
    for model in models:
        for need in model.needs.properties:
            properties.setdefault(_columns(need), need)
        for attribute in model.needs.attributes:
            attributes.setdefault(fold(attribute.name), attribute)
    return Needs(
        tuple(properties.values()),
        tuple(attributes.values()),
        any(model.needs.events for model in models),
        any(model.needs.lists for model in models),
    )


def _columns(need: PropertyNeed) -> tuple[str, ...]:
    return tuple(fold(source) for source in need.sources)


class Scorer:
    """One model over the rows of tables that were opened for it, and perhaps for others."""

    def __init__(
        self, model: Model, needs: Needs, bound: Bound, as_of: int, report: Report
    ) -> None:
        """`needs` are those that the tables were opened with; `as_of` is in seconds."""
        self.model = model
        self.bound = bound
        self.as_of = as_of
        self.report = report
        own = model.needs
        places = {_columns(need): place for place, need in enumerate(needs.properties)}
        self._values = _picker(
            [places[_columns(need)] for need in own.properties], needs.properties
        )
        columns = {fold(need.name): place for place, need in enumerate(needs.attributes)}
        self._event = _picker(
            [0, 1, *(columns[fold(need.name)] + 2 for need in own.attributes)],
            range(len(needs.attributes) + 2),
        )

    def inputs(self, row: LeadRow) -> tuple[Any, Any, frozenset[str]]:
        """Values, events and lists of a row, as the evaluator takes them."""
        values = row.values if self._values is None else self._values(row.values)
        events: Any = ()
        if self.model.plan.uses_events:
            events = row.events if self._event is None else list(map(self._event, row.events))
        lists = frozenset(map(fold, row.lists)) if row.lists else _NO_LISTS
        return values, events, lists

    def row(self, row: LeadRow, *, receipt: bool = False) -> Row:
        """The outputs of a lead, in order, and with `receipt` the receipt as JSON."""
        values, events, lists = self.inputs(row)
        who = f"lead {row.id}" if row.id is not None else "a lead without an id"
        raw = self.bound.run(values, events, lists, self.as_of, self.report, who)
        out = self.model.outputs.row(raw)
        if not receipt:
            return out
        page = self.model.receipt_of(raw, values, events, lists, self.as_of, self.bound, row.id)
        return (*out, json.dumps(page.to_dict(), ensure_ascii=False))


_NO_LISTS: frozenset[str] = frozenset()


def _picker(places: list[int], all_of: Sequence[Any]) -> Callable[[Any], tuple[Any, ...]] | None:
    """A function that picks places out of a tuple; None where it would pick all, in order."""
    if places == list(range(len(all_of))):
        return None
    if not places:
        return lambda row: ()
    if len(places) == 1:
        only = places[0]
        return lambda row: (row[only],)
    return itemgetter(*places)


@dataclass(frozen=True, slots=True)
class Run:
    """Models over open tables: the columns of what comes out, and the rows in batches."""

    scorers: tuple[Scorer, ...]
    prefixes: tuple[str, ...]
    """Before the columns of each model; empty for a single one."""
    tables: Tables
    receipt: bool

    @property
    def columns(self) -> list[str]:
        """The names of the columns; the first is the leads' own id column."""
        names: list[str] = []
        for scorer, prefix in zip(self.scorers, self.prefixes, strict=True):
            own = [*scorer.model.outputs.names, *(["receipt"] if self.receipt else [])]
            names += [prefix + name for name in own]
        own_id = self.tables.id_column
        return ["id" if own_id in names else own_id, *names]

    @property
    def as_of(self) -> str:
        """The instant of the evaluation, local to the zone of the run."""
        first = self.scorers[0]
        return in_zone(first.bound.zone)(first.as_of).isoformat(timespec="seconds")

    def batches(self, progress: Callable[[int, int], None] | None = None) -> Iterator[list[Row]]:
        """One row a lead, in the order of the leads; `progress` gets (done, all)."""
        receipt = self.receipt
        if len(self.scorers) == 1:
            score = self.scorers[0].row
            for batch in self.tables.batches(progress=progress):  # type: ignore[arg-type]  # a total is always known here
                yield [(row.id, *score(row, receipt=receipt)) for row in batch]
            return
        for batch in self.tables.batches(progress=progress):  # type: ignore[arg-type]  # as above
            yield [
                (
                    row.id,
                    *(
                        value
                        for scorer in self.scorers
                        for value in scorer.row(row, receipt=receipt)
                    ),
                )
                for row in batch
            ]

    def report(self) -> Report:
        """What the reader and the evaluators have to say; complete when all rows are out."""
        report = Report()
        first, *others = self.scorers
        report.merge(first.report)
        for scorer in others:
            report.alongside(scorer.report)
        report.merge(self.tables.report)
        return report


def open_run(
    models: Sequence[Model],
    tables: Tables,
    needs: Needs,
    *,
    as_of: str | date | datetime | None,
    time_zone: str | tzinfo,
    time_pattern: str | None = None,
    prefixes: Sequence[str] = ("",),
    receipt: bool = False,
) -> Run:
    """A run of `models` over tables that were opened with `needs`."""
    bounds = [model.bound(time_zone, time_pattern) for model in models]
    moment = as_of_seconds_of(as_of, bounds[0].zone)
    return Run(
        tuple(
            Scorer(model, needs, bound, moment, Report())
            for model, bound in zip(models, bounds, strict=True)
        ),
        tuple(prefixes),
        tables,
        receipt,
    )


def explain(
    model: Model,
    tables: Tables,
    id: str,
    *,
    as_of: str | date | datetime | None,
    time_zone: str,
    time_pattern: str | None = None,
) -> tuple[Receipt, Report]:
    """The receipt of one lead of tables that were opened for `model`, and what there is to say.

    Raises DataError where there is no lead with that id.
    """
    bound = model.bound(time_zone, time_pattern)
    moment = as_of_seconds_of(as_of, bound.zone)
    scorer = Scorer(model, model.needs, bound, moment, Report())
    row = tables.find_lead(id)
    result = model.score_row(*scorer.inputs(row), moment, bound, Lead(row.id))
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
) -> Scores:
    """See `Model.score_table`."""
    import pyarrow

    from leadscore.data import open_tables

    if engine not in ENGINES:
        raise DataError(f"there is no engine {engine!r}; there is: {', '.join(ENGINES)}")
    with open_tables(
        model.needs,
        leads,
        _given(events, ["lead_id", "event", "time", *(a.name for a in model.needs.attributes)]),
        _given(lists, ["lead_id", "list"]),
        id=id,
        time_zone=time_zone if isinstance(time_zone, str) else "UTC",
        allow_missing=allow_missing,
        event_columns=event_columns,
        rejects=rejects,
        model=Path(model.source.name).name,
    ) as tables:
        run = open_run(
            [model],
            tables,
            model.needs,
            as_of=as_of,
            time_zone=time_zone,
            time_pattern=time_pattern,
            receipt=receipt,
        )
        names = run.columns
        schema = pyarrow.schema(
            [
                (name, pyarrow.float64() if place and name in NUMBERS else pyarrow.string())
                for place, name in enumerate(names)
            ]
        )
        batches = [_record_batch(rows, schema) for rows in run.batches()]
        return Scores(pyarrow.Table.from_batches(batches, schema), run.report())


def _record_batch(rows: list[Row], schema: pyarrow.Schema) -> pyarrow.RecordBatch:
    import pyarrow

    columns = []
    for place, field in enumerate(schema):
        values = [row[place] for row in rows]
        if pyarrow.types.is_floating(field.type):
            values = [None if value is None else float(value) for value in values]
        columns.append(pyarrow.array(values, field.type))
    return pyarrow.record_batch(columns, schema=schema)
