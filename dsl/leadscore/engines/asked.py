"""What engines that run SQL have in common: the query of a request, and its report on events."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from leadscore.data.relations import EVENT_INPUT, LEAD_INPUT, EventCounts
from leadscore.engines.relations import inputs_of
from leadscore.engines.run import Request, lead_of
from leadscore.report import Report
from leadscore.targets.sql.dialect import Dialect
from leadscore.targets.sql.emit import Options, Query, emit
from leadscore.targets.sql.query import Select, with_selects

Rows = Callable[[str], list[tuple[Any, ...]]]
"""Runs a query that gives few rows."""


def query_of(
    request: Request,
    dialect: Dialect,
    prefix: str = "",
    *,
    packed: bool,
    counted: bool = False,
    ordered: bool = True,
) -> Query:
    """The query of a request; `prefix` stands before the names of the three relations.

    `packed`, `counted` and `ordered` are those of `Options`.
    """
    options = Options(
        request.zone,
        request.as_of,
        request.time_pattern,
        form="units",
        packed=packed,
        reported=True,
        checked=True,
        receipt=request.with_receipt,
        counted=counted,
        ordered=ordered,
        prefixes=request.prefixes,
    )
    plans = [model.plan for model in request.models]
    return emit(dialect, plans, inputs_of(request, prefix), options)


def overflow(request: Request, query: Query, place: int, line: int, id: str | None) -> Exception:
    """The error of a sum past 64 bits: `line` stands in the column `place` of lead `id`."""
    model = request.models[query.outputs[place].model]
    return model.evaluator.overflow(max(0, line), lead_of(id))


def tell_of_events(
    request: Request,
    query: Query,
    reports: Sequence[Report],
    rows: Rows,
    prefix: str = "",
    *,
    look: Callable[[Request, Query, Rows, str], Told] | None = None,
) -> None:
    """Put into the reports what there is to say about events; `reports` are of the models.

    `look` finds it, by default `among_known`.
    """
    tables = request.tables
    if query.reports is None:
        tables.note_events([EventCounts(0, 0, 0, ()) for _ in tables.relations.sources])
        return
    told = (look or among_known)(request, query, rows, prefix)
    tables.note_events(told.counts)
    found = told.columns
    example = _Examples(query, rows, prefix)
    for model, report in zip(request.models, reports, strict=True):
        if model.plan.uses_events:
            report.events = found[query.event_counts["all"]]
            report.future_events = found[query.event_counts["future"]]
            if untimed := found[query.event_counts["untimed"]]:
                report.untimed(example.of(query.time_raw, f"{query.second} is null"), untimed)
    for place, count in query.event_unread:
        if many := found[count.column]:
            value = example.of(count.unread.raw, count.test)
            reports[place].unread(count.unread.name, count.unread.expected, value, many)


@dataclass(frozen=True, slots=True)
class Told:
    """What there is to say about events: the columns of `Query.reports`, and who is of no lead."""

    columns: dict[str, int]
    """Of the events of the leads that there are."""
    counts: list[EventCounts]


def reported_columns(query: Query) -> list[str]:
    """The columns of each of `Query.reports`, in their order."""
    assert query.reports is not None
    return [column.name for column in query.reports.known.columns.values()]


def among_known(request: Request, query: Query, rows: Rows, prefix: str) -> Told:
    """Look at the events of the leads that there are; all others are of none."""
    assert query.reports is not None
    known, materialized = query.reports.known, query.dialect.materialized
    row = rows(with_selects(query.event_selects, known, materialized=materialized))[0]
    found: dict[str, int] = dict(zip(reported_columns(query), row, strict=True))
    tables, counts = request.tables, query.event_counts
    events, leads = prefix + EVENT_INPUT, prefix + LEAD_INPUT
    sources = range(len(tables.relations.sources))
    reached = {at: found[counts.get(f"table {at}", counts["all"])] for at in sources}
    if tables.relations.same_ids:
        # Their events are in the report once for each lead of the id.
        once = f"select source, count(*) from {events} where lead in (select id from {leads})"
        reached = dict.fromkeys(sources, 0) | dict(rows(f"{once} group by source"))
    counted = {
        source: (many, known)
        for source, many, known in rows(
            f"select source, count(*), count(lead) from {events} group by source"
        )
    }
    noted = []
    for at in sources:
        many, known = counted.get(at, (0, 0))
        noted.append(EventCounts(many, many - known, known - reached[at]))
    return Told(found, noted)


class _Examples:
    """Looks up single events, for the report."""

    def __init__(self, query: Query, rows: Rows, prefix: str) -> None:
        self._query = query
        self._rows = rows
        self._leads = f"(select id from {prefix}{LEAD_INPUT})"

    def of(self, column: str, test: str) -> object:
        """The text of a column of the first event of a lead for which a test holds."""
        *selects, top = self._query.event_selects
        body = (
            f"select cast({column} as string) from {top.name}\n"
            f"where {test} and lead in {self._leads}\norder by seq\nlimit 1"
        )
        return self._rows(with_selects([*selects, top], Select("", "", top.names, body=body)))[0][0]
