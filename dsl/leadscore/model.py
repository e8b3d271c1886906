"""`Model`: a sound .score file, ready to score."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, tzinfo
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any

from leadscore.analysis import Analysis, analyse
from leadscore.diagnostics import Diagnostic, Source
from leadscore.errors import DataError
from leadscore.files import read_text, score_error
from leadscore.needs import Needs
from leadscore.outputs import Outputs
from leadscore.plan.bounds import Bounds, bounds_of
from leadscore.plan.lower import lower
from leadscore.plan.needs import needs_of
from leadscore.plan.terms import Plan
from leadscore.receipt import Receipt
from leadscore.records import EventRecords, LeadRecords, lead_id
from leadscore.report import Report
from leadscore.result import Result
from leadscore.syntax.document import parse
from leadscore.targets.python.evaluator import Bound, Evaluator
from leadscore.targets.python.runtime import in_zone
from leadscore.values.dates import as_of_seconds, pattern_parts, zone
from leadscore.values.text import fold, normal, text_of
from leadscore.values.units import plain

if TYPE_CHECKING:
    from leadscore.scores import Scores
    from leadscore.testing import Suite


class Model:
    """One score. Made by :func:`leadscore.load` or :func:`leadscore.loads`; does not change."""

    def __init__(self, analysis: Analysis) -> None:
        """Of an analysis without errors."""
        self._analysis = analysis
        self.plan: Plan = lower(analysis)
        self._bounds: dict[tuple[str | tzinfo, str | None], Bound] = {}

    @property
    def name(self) -> str:
        """The title in the score line."""
        return self.plan.name

    @property
    def source(self) -> Source:
        """The text of the model, with its name."""
        return self._analysis.document.source

    @property
    def analysis(self) -> Analysis:
        """The tree with what it declares: for tools."""
        return self._analysis

    @property
    def diagnostics(self) -> tuple[Diagnostic, ...]:
        """The warnings of the model; one with errors is not loaded."""
        return self._analysis.diagnostics

    @cached_property
    def bounds(self) -> Bounds:
        """The attainable minimum and maximum of every rule, group, category and of the score."""
        return bounds_of(self.plan)

    @cached_property
    def needs(self) -> Needs:
        """The columns that the model reads."""
        return needs_of(self.plan)

    @cached_property
    def outputs(self) -> Outputs:
        """The outputs that the model defines."""
        return Outputs(self.plan)

    @cached_property
    def evaluator(self) -> Evaluator:
        """The Python target."""
        return Evaluator(self.plan, self.source.name)

    @cached_property
    def _leads(self) -> LeadRecords:
        return LeadRecords(self.plan)

    @cached_property
    def _events(self) -> EventRecords:
        return EventRecords(self.plan)

    def score(
        self,
        lead: Mapping[str, Any],
        events: Iterable[Mapping[str, Any]] = (),
        lists: Iterable[str] = (),
        as_of: str | date | datetime | None = None,
        *,
        time_zone: str | tzinfo = "UTC",
        time_pattern: str | None = None,
    ) -> Result:
        """Score one lead.

        Args:
            lead: its properties by name, without regard to case and outer space.
            events: each with `event` (its type), `time`, and attributes.
            lists: the names of the lists that the lead is in.
            as_of: the instant of the evaluation, to the second; None: now.
            time_zone: an IANA name or tzinfo, for times without an offset.
            time_pattern: how times of events are written, where it is not ISO 8601, such as
                ``M/D/YY h:mm``; as in the dates of properties.

        Raises:
            DataError: an event without a type, an as-of that is no time, an unknown time zone.
            EvaluationError: a sum past 64 bits.
        """
        bound = self._bounds.get((time_zone, time_pattern)) or self.bound(time_zone, time_pattern)
        known = bound.moment
        if as_of is known[0]:
            moment = known[1]
        else:
            moment = as_of_seconds_of(as_of, bound.zone)
            if as_of.__class__ in _UNCHANGING:
                bound.moment = as_of, moment
        if lead.__class__ is not dict:
            lead = _record(lead)
        if isinstance(lists, str):
            lists = (lists,)
        values = self._leads.values(lead)
        rows = self._events.rows(events) if self.plan.uses_events and events else []
        names = _NO_LISTS
        if self.plan.uses_lists and lists:
            names = frozenset(fold(text) for name in lists if (text := text_of(normal(name))))
        return self.score_row(values, rows, names, moment, bound, _Who(lead))

    def score_row(
        self,
        values: Sequence[Any],
        events: Sequence[tuple[Any, ...]],
        lists: frozenset[str],
        as_of: int,
        bound: Bound,
        who: Lead,
    ) -> Result:
        """Score one lead that is given as evaluators take it; see `Bound.run`."""
        report = Report()
        raw = bound.run(values, events, lists, as_of, report, who)
        return Result(
            self.outputs, raw, report, self._receipt, (values, events, lists, as_of, bound, who)
        )

    def _receipt(
        self,
        raw: Any,
        values: Sequence[Any],
        events: Sequence[tuple[Any, ...]],
        lists: frozenset[str],
        as_of: int,
        bound: Bound,
        who: Lead,
    ) -> Receipt:
        return self.receipt_of(raw, values, events, lists, as_of, bound, who.id)

    def bound(self, time_zone: str | tzinfo, time_pattern: str | None = None) -> Bound:
        """The evaluator of the model for a time zone and a way of writing the times of events.

        Raises DataError where there is no such zone, or the pattern is none.
        """
        key = time_zone, time_pattern
        found = self._bounds.get(key)
        if found is not None:
            return found
        zone = zone_of(time_zone)
        check_time_pattern(time_pattern)
        found = self.evaluator.bound(zone, time_pattern)
        if len(self._bounds) >= _ZONES:
            self._bounds.clear()
        self._bounds[key] = found
        return found

    def receipt_of(
        self,
        raw: Any,
        values: Sequence[Any],
        events: Sequence[tuple[Any, ...]],
        lists: frozenset[str],
        as_of: int,
        bound: Bound,
        id: str | None,
    ) -> Receipt:
        """The receipt of a lead that was scored; takes what the evaluator takes."""
        outputs = {
            name: None if value is None else plain(value)
            for name, value in zip(self.outputs.names, self.outputs.row(raw), strict=True)
        }
        excluded = outputs.pop("excluded", None)
        moment = in_zone(bound.zone)(as_of).isoformat(timespec="seconds")
        if excluded is not None:
            return Receipt(
                id, outputs, excluded, moment, (), dict.fromkeys(("fit", "engagement", "score"), 0)
            )
        trace = bound.trace(values, events, lists, as_of, Lead(id))
        return Receipt(id, outputs, None, moment, tuple(trace.groups), trace.limits)

    def score_table(
        self,
        leads: object,
        events: object = None,
        lists: object = None,
        as_of: str | date | datetime | None = None,
        id: str | None = None,
        time_zone: str | tzinfo = "UTC",
        engine: str = "duckdb",
        receipt: bool = False,
        allow_missing: bool = False,
        event_columns: Mapping[str, str] | None = None,
        rejects: str | os.PathLike[str] | None = None,
        time_pattern: str | None = None,
        contacts: object = None,
        memory_limit: str = "1GB",
    ) -> Scores:
        """Score a table of leads: one row a lead, in the order of the leads.

        Args:
            leads: a path, a pyarrow.Table, a pandas or polars frame, a DuckDB relation, or
                anything with ``__arrow_c_stream__``.
            events: the same, or several of them, or None.
            lists: the same, with columns of the lead's id and `list`, or None.
            as_of: the instant of the evaluation; None: now.
            id: the column with the leads' ids; None: found as the reference says.
            time_zone: an IANA name, for times without an offset.
            engine: `duckdb`, or `python`, which takes one lead after the other; both give the same.
            receipt: also the points of every rule and group as columns, and what was lost to
                decay and to limits.
            allow_missing: columns and tables that the model needs and the data lacks are
                unknown and empty, rather than an error.
            event_columns: the columns `lead`, `type` and `time` of the tables of events, where
                their names do not tell.
            rejects: a file for rows that cannot be read; scoring goes on without them.
            time_pattern: how times of events are written, where it is not ISO 8601.
            contacts: where the leads are companies: a table of their contacts, with columns of
                the contact's id and the company's. Events of contacts count for the company, and
                each contact is an event of type `Contact`.
            memory_limit: what the engine may hold in memory before it goes on on disk, such as
                ``512MB`` or ``4GB``.

        Raises:
            DataError: what cannot be read or is missing, with the place and the remedy.
            EvaluationError: a sum past 64 bits, with the lead.
        """
        from leadscore.scores import score_table

        return score_table(
            self,
            leads,
            events,
            lists,
            as_of=as_of,
            id=id,
            time_zone=time_zone,
            engine=engine,
            receipt=receipt,
            allow_missing=allow_missing,
            event_columns=event_columns,
            rejects=rejects,
            time_pattern=time_pattern,
            contacts=contacts,
            memory_limit=memory_limit,
        )

    def test(self, only: str | Sequence[str] = ()) -> Suite:
        """Run the tests in the file: what came of each, and what of the model they cover.

        Args:
            only: a part of the names of those that are meant, or several; without regard to case.
        """
        from leadscore.testing import run_suite

        return run_suite(self, only)

    def to_sql(
        self,
        dialect: str = "duckdb",
        *,
        leads: object = None,
        events: object = None,
        lists: object = None,
        id: str | None = None,
        event_columns: Mapping[str, str] | str | None = None,
        relations: Mapping[str, str] | None = None,
        as_of: str | date | datetime | None = None,
        time_zone: str | tzinfo = "UTC",
        time_pattern: str | None = None,
        receipt: bool = False,
    ) -> str:
        """The model as one query that gives a row a lead, with the same digits.

        Args:
            dialect: `duckdb`, `spark`, `postgres`, `snowflake` or `bigquery`. The last two are
                not run by our tests, only parsed.
            leads: the leads, or a sample of them, as `score_table` takes them: their columns are
                then read as what they are. None: columns are called as in the model, the id
                `id`, and cast to text.
            events: the same; None: `lead_id`, `event`, `time` and the attributes.
            lists: the same; None: `lead_id` and `list`.
            id: the column with the leads' ids.
            event_columns: the columns `lead`, `type` and `time` of the events.
            relations: what stands behind `from` for `leads`, `events` and `lists`, if not these
                names; taken as it is.
            as_of: the instant of the evaluation; None: the moment at which the query runs.
            time_zone: an IANA name, for times without an offset.
            time_pattern: how times of events are written, where it is not ISO 8601.
            receipt: also columns of the points of every rule and group.

        Raises:
            DataError: a dialect that there is not, a column that the samples lack.
            ScoreError: a line that the dialect cannot say exactly.
        """
        from leadscore.sql import model_sql

        return model_sql(
            self,
            dialect,
            leads=leads,
            events=events,
            lists=lists,
            id=id,
            event_columns=event_columns,
            relations=relations,
            as_of=as_of,
            time_zone=time_zone,
            time_pattern=time_pattern,
            receipt=receipt,
        )

    def to_workbook(
        self,
        path: str | os.PathLike[str],
        leads: object,
        events: object = None,
        lists: object = None,
        as_of: str | date | datetime | None = None,
        id: str | None = None,
        time_zone: str | tzinfo = "UTC",
        allow_missing: bool = False,
        event_columns: Mapping[str, str] | None = None,
        time_pattern: str | None = None,
        contacts: object = None,
    ) -> Report:
        """Write a workbook that scores leads by formulas of its own: no program is needed.

        Excel and LibreOffice compute the same digits as `score_table`. Points and limits stand in
        the sheet `Model`, and formulas look at them there.

        Args:
            path: where the .xlsx file goes; a file that is there is replaced.
            leads: as in `score_table`, and so are all others.
            events: the events, or several tables of them, or None.
            lists: the lists, or None.
            as_of: the instant of the evaluation, which can be changed in the sheet; None: now.
            id: the column with the leads' ids.
            time_zone: an IANA name; times in the sheets are local to it.
            allow_missing: columns and tables that are not there are unknown and empty.
            event_columns: the columns `lead`, `type` and `time` of the tables of events.
            time_pattern: how times of events are written, where it is not ISO 8601.
            contacts: where the leads are companies: their contacts.

        Returns:
            What there is to say about the tables.

        Raises:
            DataError: what cannot be read or is missing, or what no sheet can hold.
            ScoreError: a line that formulas cannot say exactly, T402.
        """
        from leadscore.workbook import write_workbook

        return write_workbook(
            self,
            path,
            leads,
            events,
            lists,
            as_of=as_of,
            id=id,
            time_zone=time_zone,
            allow_missing=allow_missing,
            event_columns=event_columns,
            time_pattern=time_pattern,
            contacts=contacts,
        )

    def __reduce__(self) -> tuple[Any, tuple[str, str]]:
        return loads, (self.source.text, self.source.name)

    def __repr__(self) -> str:
        return f"<Model {self.name!r} from {self.source.name}>"


_NO_LISTS: frozenset[str] = frozenset()
_UNCHANGING = frozenset((str, date, datetime))
_ZONES = 100
"""Time zones for which a bound evaluator is kept."""


def _record(lead: Any) -> dict[str, Any]:
    """A lead as a dict. A row of pandas, for one, iterates over its values, not its keys."""
    try:
        return dict(lead)
    except (TypeError, ValueError):
        raise DataError(
            f"a lead is a record, such as {{'industry': 'SaaS'}}, and not a {type(lead).__name__}"
        ) from None


class Lead:
    """Which lead it is, for errors and receipts; as a text, a phrase."""

    __slots__ = ("_id",)

    def __init__(self, id: str | None = None) -> None:
        self._id = id

    @property
    def id(self) -> str | None:
        """The lead's id; None where it has none."""
        return self._id

    def __str__(self) -> str:
        return "the lead" if self.id is None else f"lead {self.id}"


class _Who(Lead):
    """The lead of a record, whose id is looked for only when it is asked for."""

    __slots__ = ("_lead",)

    def __init__(self, lead: Mapping[str, Any]) -> None:
        self._lead = lead

    @property
    def id(self) -> str | None:
        return lead_id(self._lead)


def check_time_pattern(pattern: str | None) -> None:
    """Raise DataError where the pattern of the times of events is none."""
    if pattern is not None:
        try:
            pattern_parts(pattern)
        except ValueError as error:
            raise DataError(f"the pattern of times {pattern!r}: {error}") from None


def zone_of(time_zone: str | tzinfo) -> tzinfo:
    """The time zone of a call; raises DataError where there is no such."""
    if isinstance(time_zone, str):
        try:
            return zone(time_zone)
        except ValueError as error:
            raise DataError(str(error)) from None
    if hasattr(time_zone, "localize"):  # pytz: as a plain tzinfo it has offsets of long ago
        raise DataError(f"give the time zone by its name: {str(time_zone)!r}")
    return time_zone


@lru_cache(maxsize=256)
def _as_of_text(text: str, zone: tzinfo) -> int:
    try:
        return as_of_seconds(text, zone)
    except ValueError as error:
        raise DataError(str(error)) from None


def as_of_seconds_of(value: str | date | datetime | None, zone: tzinfo) -> int:
    """The as-of of a call, in seconds."""
    if isinstance(value, str):
        return _as_of_text(value, zone)
    try:
        return as_of_seconds(value, zone)
    except ValueError as error:
        raise DataError(str(error)) from None


def loads(text: str, name: str = "<text>") -> Model:
    """The model of a text; `name` is for messages.

    Raises ScoreError with all errors in it, or, where one is of syntax, its subclass
    ScoreSyntaxError.
    """
    return _model(analyse(parse(text, name)))


def load(path: str | os.PathLike[str]) -> Model:
    """The model of a file. Raises as :func:`loads` does, and OSError where there is no file."""
    name = os.fspath(path)
    return _model(analyse(parse(read_text(name), name)))


def _model(analysis: Analysis) -> Model:
    errors = analysis.errors
    if errors:
        raise score_error(errors, analysis.document.source)
    return Model(analysis)
