"""Whether comparisons of measures, and of counts of streams inside one another, leave any lead."""

from __future__ import annotations

from decimal import Decimal
from typing import Protocol

from leadscore.plan import terms as t
from leadscore.plan.reach.effort import Effort
from leadscore.plan.reach.ranges import no_double, no_fraction, whole
from leadscore.plan.reach.streams import Facts, most_of

TEN_THOUSANDTHS = 10_000
"""The parts in which totals are counted."""


class StreamFacts(Facts, Protocol):
    """What there is to know of the streams of a plan."""

    def within(self, inner: t.Stream, outer: t.Stream) -> bool:
        """Whether each event of `inner` is one of `outer`."""
        ...


class MeasureFacts:
    """The comparisons of measures, all of which are as said for one lead."""

    def __init__(self, facts: StreamFacts) -> None:
        self._facts = facts
        self._numbers: dict[t.Measure, list[tuple[t.Operator, Decimal, bool]]] = {}
        self._known: set[t.Measure] = set()
        self._missing: set[t.Measure] = set()
        self._least: dict[t.Stream, int] = {}
        self._most: dict[t.Stream, int] = {}

    def add(self, condition: t.Known | t.NumberCompare, holds: bool) -> None:
        """Take one comparison of a measure."""
        measure = condition.operand
        assert isinstance(measure, t.Measure)
        if holds:
            self._known.add(measure)
        if isinstance(condition, t.NumberCompare):
            compared = (condition.operator, condition.value, holds)
            self._numbers.setdefault(measure, []).append(compared)
        elif not holds:
            self._missing.add(measure)

    def refuted(self, effort: Effort) -> bool:
        """Whether no lead has events for which all comparisons are as said."""
        measures = {*self._numbers, *self._known, *self._missing}
        for measure in measures:
            effort.spend(2 + len(self._numbers.get(measure, ())))
            if self._alone(measure):
                return True
        return self._together(effort)

    def _alone(self, measure: t.Measure) -> bool:
        """Whether one measure has no value left; notes what its values say of its stream."""
        numbers = self._numbers.get(measure, [])
        stream = measure.stream
        match measure.kind:
            case "count" | "different" | "total":
                if measure in self._missing:
                    return True  # there is always a number
                if measure.kind == "total":
                    left = whole(numbers, None, None, TEN_THOUSANDTHS)
                else:
                    left = whole(numbers, 0, most_of(measure, self._facts))
                if left is None:
                    return True
                self._note(measure, *left)
                return False
        if measure in self._known:
            if measure in self._missing:
                return True
            self._note_least(stream, 1)
            return (no_fraction if measure.kind == "average" else no_double)(numbers)
        return False

    def _note(self, measure: t.Measure, low: int | None, high: int | None) -> None:
        stream = measure.stream
        if measure.kind == "total":
            if (low is not None and low > 0) or (high is not None and high < 0):
                self._note_least(stream, 1)
            return
        self._note_least(stream, low or 0)
        if measure.kind == "count" and high is not None:
            self._most[stream] = high

    def _note_least(self, stream: t.Stream, count: int) -> None:
        if count > self._least.get(stream, 0):
            self._least[stream] = count

    def _together(self, effort: Effort) -> bool:
        """Whether a stream has more events than one that it is within, or than its types have."""
        for stream, least in self._least.items():
            most = most_of(t.Measure("count", stream, None), self._facts)
            if most is not None and least > most:
                return True
            if self._at_most(stream, least, effort):
                return True
            keys = stream.types.keys
            if stream.types.exclude or not 1 < len(keys) <= 8 or stream.up_to or stream.latest:
                continue
            room = least
            for key in sorted(keys):
                part = t.Stream(
                    t.Types(frozenset((key,)), False), stream.where, stream.window, stream.resets
                )
                bound = self._bound(part, effort)
                if bound is None:
                    break
                room -= bound
            else:
                if room > 0:
                    return True
        return False

    def _at_most(self, stream: t.Stream, least: int, effort: Effort) -> bool:
        bound = self._bound(stream, effort)
        return bound is not None and bound < least

    def _bound(self, stream: t.Stream, effort: Effort) -> int | None:
        """The most events of a stream that any stream around it leaves it."""
        if self._facts.within(stream, _NOTHING):
            return 0
        bound: int | None = None
        for outer, most in self._most.items():
            effort.spend()
            if (bound is None or most < bound) and self._facts.within(stream, outer):
                bound = most
        return bound


_NOTHING = t.Stream(t.Types(frozenset(), False))
"""A stream of no types: what is within it never takes an event."""
