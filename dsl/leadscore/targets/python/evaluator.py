"""Compiling a plan, binding it to a time zone, and running it for one lead."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, tzinfo
from functools import cached_property
from types import CodeType, TracebackType
from typing import Any, NamedTuple

from leadscore.errors import EvaluationError
from leadscore.plan import terms as t
from leadscore.report import Report
from leadscore.targets.python import runtime
from leadscore.targets.python.emit import Emitted, emit
from leadscore.targets.python.instants import utc_clock
from leadscore.targets.python.source import ZonePeriod, ZonePoint
from leadscore.targets.python.trace import Trace, TraceNames
from leadscore.values.dates import end_of_day, midnight, seconds_of


class Outcome(NamedTuple):
    """What a lead in scope gets.

    Sums are in units; of labels, axes and fast tracks it is the place of the line that holds, or
    -1 where none does.
    """

    fit: int
    engagement: int
    score: int
    label: int
    fit_label: int
    engagement_label: int
    axis1: int
    axis2: int
    fast_track: int


Raw = int | tuple[int, ...]
"""The place of the excluding statement, or the fields of `Outcome`."""

_NO_TIME = object()
_RUNTIME = {
    name: getattr(runtime, name)
    for name in (
        "compare_any",
        "different",
        "each_decayed",
        "floor",
        "highest",
        "latest_time",
        "lowest",
        "overflow",
        "read_item",
        "totals",
        "up_to",
    )
}


class _Compiled:
    """One of the two functions of a plan, compiled but not bound to a zone."""

    def __init__(self, plan: t.Plan, filename: str, *, traced: bool) -> None:
        self._plan = plan
        self.emitted: Emitted = emit(plan, traced=traced)
        self._code: CodeType = compile(self.emitted.source.text(), filename, "exec")

    def bind(self, zone: tzinfo, time_pattern: str | None) -> Callable[..., Any]:
        """The function, for a time zone and a way of writing the times of events."""
        plan, readings = self._plan, self.emitted.readings
        names: dict[str, Any] = {
            name: _in_zone(value, zone) for name, value in self.emitted.source.constants.items()
        }
        for place, spec in enumerate(plan.properties):
            forms = readings.forms(t.Property(spec.key))
            names[f"rp{place}"], names[f"mp{place}"] = runtime.reader(
                spec.name, forms, spec, plan.unknown_values, zone
            )
        for place, attribute in enumerate(plan.attributes):
            forms = readings.forms(t.Attribute(attribute.key))
            names[f"ra{place}"], names[f"ma{place}"] = runtime.reader(
                attribute.name, forms, None, plan.unknown_values, zone
            )
        names["times"] = runtime.Times(zone, time_pattern)
        # Of texts without a zone or pattern of their own, an instant is added up from parts.
        names["clocked"] = str if zone is UTC and time_pattern is None else None
        names.update(utc_clock()._asdict())
        names["classes"] = runtime.Classes(self.emitted.event_keys, plan.renames)
        names.update(_RUNTIME)
        exec(self._code, names)  # our own source: the model's texts are in it as constants only
        function: Callable[..., Any] = names["run"]
        return function


def _in_zone(value: Any, zone: tzinfo) -> Any:
    if isinstance(value, ZonePoint):
        moment = value.point.moment
        if value.point.timed:
            return seconds_of(moment, zone)
        return end_of_day(moment.date(), zone) if value.after else midnight(moment.date(), zone)
    if isinstance(value, ZonePeriod):
        return runtime.period_of(value.period, zone)
    return value


class Evaluator:
    """The Python target of one plan. Compiles when it is first used; safe to share."""

    def __init__(self, plan: t.Plan, name: str) -> None:
        """`name` is the model's file, for messages."""
        self.plan = plan
        self.name = name
        self._filename = f"<leadscore {name}>"

    @cached_property
    def fast(self) -> _Compiled:
        """The function that only scores."""
        return _Compiled(self.plan, self._filename, traced=False)

    @cached_property
    def traced(self) -> _Compiled:
        """The function that keeps the receipt too."""
        return _Compiled(self.plan, self._filename, traced=True)

    @cached_property
    def names(self) -> TraceNames:
        """What receipts call things."""
        return TraceNames(self.plan)

    def bound(self, zone: tzinfo, time_pattern: str | None = None) -> Bound:
        """A new evaluator for a time zone and a way of writing the times of events.

        Raises ValueError with a sentence where `time_pattern` is no pattern of dates.
        """
        return Bound(self, zone, time_pattern)

    @property
    def python_source(self) -> str:
        """The generated source, for the curious."""
        return self.fast.emitted.source.text()

    def failure(self, error: Exception, compiled: _Compiled, who: object) -> EvaluationError:
        """`error` as an error that names the lead and the line of the model."""
        line = self._model_line(error.__traceback__, compiled)
        if isinstance(error, runtime.Overflow):
            return self.overflow(line, who)
        return self._error(line, who, f"{type(error).__name__}: {error}")

    def overflow(self, line: int, who: object) -> EvaluationError:
        """The error of a sum past 64 bits, at a line of the model (0: at none)."""
        return self._error(line, who, "a sum is past 64 bits (about 922 billion points)")

    def _error(self, line: int, who: object, what: str) -> EvaluationError:
        place = f"{self.name}:{line}" if line else self.name
        return EvaluationError(f"{place}: {who} cannot be scored: {what}")

    def _model_line(self, trace: TracebackType | None, compiled: _Compiled) -> int:
        """The line of the model for the line of generated code in a traceback; 0: none."""
        line = 0
        while trace is not None:
            if trace.tb_frame.f_code.co_filename == self._filename:
                line = compiled.emitted.source.model_lines[trace.tb_lineno - 1]
            trace = trace.tb_next
        return line


class Bound:
    """An evaluator for one time zone."""

    def __init__(self, evaluator: Evaluator, zone: tzinfo, time_pattern: str | None) -> None:
        self.evaluator = evaluator
        self.zone = zone
        self.moment: tuple[object, int] = (_NO_TIME, 0)
        """The as-of that was last asked for, and its second: for callers to look at and set."""
        self._time_pattern = time_pattern
        self._run = evaluator.fast.bind(zone, time_pattern)

    @cached_property
    def _run_traced(self) -> Callable[..., Any]:
        return self.evaluator.traced.bind(self.zone, self._time_pattern)

    def run(
        self,
        values: Sequence[Any],
        events: Sequence[tuple[Any, ...]],
        lists: frozenset[str],
        as_of: int,
        report: Report,
        who: object,
    ) -> Raw:
        """Score one lead.

        `values` are parallel to the plan's properties; events are ``(type, time, *attributes)`` in
        the order of the input, with types and times hashable; `lists` are folded names; `as_of`
        is in seconds; the text of `who` names the lead in errors. Raises EvaluationError at a sum
        past 64 bits.
        """
        try:
            raw: Raw = self._run(values, events, lists, as_of, report)
        except Exception as error:
            raise self.evaluator.failure(error, self.evaluator.fast, who) from error
        report.leads += 1
        if raw.__class__ is int:
            report.excluded += 1
        return raw

    def trace(
        self,
        values: Sequence[Any],
        events: Sequence[tuple[Any, ...]],
        lists: frozenset[str],
        as_of: int,
        who: object,
    ) -> Trace:
        """The receipt's parts of one lead; takes what :meth:`run` takes."""
        trace = Trace(self.evaluator.names, self.zone)
        try:
            self._run_traced(values, events, lists, as_of, Report(), trace)
        except Exception as error:
            raise self.evaluator.failure(error, self.evaluator.traced, who) from error
        return trace
