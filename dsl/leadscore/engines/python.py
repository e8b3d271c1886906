"""The Python engine: one lead after the other, through the Python target."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from operator import itemgetter
from typing import TYPE_CHECKING, Any, cast

from leadscore.engines.run import Progress, Request, lead_of, merged_report
from leadscore.receipt_columns import ReceiptColumn, receipt_amounts
from leadscore.report import Report
from leadscore.targets.python.evaluator import Bound
from leadscore.values.text import fold

if TYPE_CHECKING:
    import pyarrow as pa

    from leadscore.data import LeadRow, Tables
    from leadscore.model import Model

Row = tuple[Any, ...]


class Scorer:
    """One model over the rows of tables that were opened for it, and perhaps for others."""

    def __init__(
        self,
        model: Model,
        places: tuple[list[int], list[int]],
        sizes: tuple[int, int],
        bound: Bound,
        as_of: int,
    ) -> None:
        """`places` are those of the model's properties and attributes among all of the tables.

        `sizes` says how many there are; `as_of` is in seconds.
        """
        self.model = model
        self.bound = bound
        self.as_of = as_of
        self.report = Report()
        self._values = _picker(places[0], sizes[0])
        self._event = _picker([0, 1, *(place + 2 for place in places[1])], sizes[1] + 2)

    def inputs(self, row: LeadRow) -> tuple[Any, Any, frozenset[str]]:
        """Values, events and lists of a row, as the evaluator takes them."""
        values = row.values if self._values is None else self._values(row.values)
        events: Any = ()
        if self.model.plan.uses_events:
            events = row.events if self._event is None else list(map(self._event, row.events))
        lists = frozenset(map(fold, row.lists)) if row.lists else _NO_LISTS
        return values, events, lists

    def row(self, row: LeadRow, receipt: Sequence[ReceiptColumn] = ()) -> Row:
        """The outputs of a lead, in order, then its receipt's columns; points are in units."""
        values, events, lists = self.inputs(row)
        who = lead_of(row.id)
        raw = self.bound.run(values, events, lists, self.as_of, self.report, who)
        out = self.model.outputs.units_row(raw)
        if not receipt:
            return out
        if isinstance(raw, int):  # excluded
            return (*out, *(None for _ in receipt))
        trace = self.bound.trace(values, events, lists, self.as_of, who)
        return (*out, *receipt_amounts(receipt, trace.groups, trace.limits))


_NO_LISTS: frozenset[str] = frozenset()


def _picker(places: list[int], size: int) -> Callable[[Any], tuple[Any, ...]] | None:
    """A function that picks places out of a tuple; None where it would pick all, in order."""
    if places == list(range(size)):
        return None
    if not places:
        return lambda row: ()
    if len(places) == 1:
        only = places[0]
        return lambda row: (row[only],)
    return itemgetter(*places)


def scorer(request: Request, model: Model) -> Scorer:
    """The scorer of one model of a request."""
    sizes = (len(request.needs.properties), len(request.needs.attributes))
    bound = model.bound(request.zone, request.time_pattern)
    return Scorer(model, request.places(model), sizes, bound, request.as_of)


class PythonRun:
    """See :class:`leadscore.engines.run.Run`."""

    def __init__(self, request: Request) -> None:
        self.request = request
        self._scorers = [scorer(request, model) for model in request.models]

    @property
    def excluded(self) -> list[int]:
        """See `Run`."""
        return [one.report.excluded for one in self._scorers]

    def batches(self, progress: Progress | None = None) -> Iterator[pa.RecordBatch]:
        """See `Run`."""
        import pyarrow as pa

        request = self.request
        tables = cast("Tables", request.tables)
        fields = request.scored_fields()
        kept = tables.passthrough() if request.keep else None
        parts = list(zip(self._scorers, request.receipts, strict=True))
        for leads in tables.batches(progress=progress):  # type: ignore[arg-type]  # a total is always known here
            rows = [
                [value for one, receipt in parts for value in one.row(lead, receipt)]
                for lead in leads
            ]
            if kept is not None:
                own = [pa.array(values) for values in zip(*next(kept), strict=True)]
            else:
                own = [pa.array([lead.id for lead in leads], pa.string())]
            scored = [
                pa.array([row[place] for row in rows], field.type)
                for place, field in enumerate(fields)
            ]
            names = request.columns[: len(own)]
            before = [pa.field(name, array.type) for name, array in zip(names, own, strict=True)]
            yield pa.record_batch([*own, *scored], schema=pa.schema([*before, *fields]))

    def report(self) -> Report:
        """See `Run`."""
        return merged_report([one.report for one in self._scorers], self.request.tables)
