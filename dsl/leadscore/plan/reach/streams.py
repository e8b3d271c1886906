"""Which events a stream takes, compared with another; and how many at most.

An event that is seen is not after the as-of, and has one type: that of its name after renaming.
"""

from __future__ import annotations

from typing import Protocol

from leadscore.plan import terms as t
from leadscore.plan.reach.ranges import after_day, before, not_after, starts

FOREVER = 10**15
"""Seconds past every age."""


class Facts(Protocol):
    """What there is to know of the conditions of a plan."""

    def never(self, condition: t.Condition) -> bool:
        """Whether nothing satisfies a condition."""
        ...

    def implies(self, one: t.Condition, other: t.Condition) -> bool:
        """Whether all that satisfies `one` satisfies `other`."""
        ...

    def has_no_events(self, types: t.Types) -> bool:
        """Whether there are no events of any of these types."""
        ...


def life_of(decay: t.Decay) -> int:
    """The age in seconds from which on nothing is left of an event's points.

    `FOREVER` where nothing is ever lost.
    """
    if decay.rate == 0:
        return FOREVER
    if decay.gradual:
        return -(-10_000 * decay.every // (decay.rate * 3600)) * 3600
    return -(-10_000 // decay.rate) * decay.every


def within(inner: t.Stream, outer: t.Stream, facts: Facts) -> bool:
    """Whether it is proven that each event that `inner` takes is one that `outer` takes.

    So the count of `inner` is at most that of `outer`, for every lead.
    """
    if inner == outer:
        return True
    if empty(inner, facts):
        return True
    if not _cut_alike(inner, outer):
        return False
    if not _types_within(inner.types, outer.types):
        return False
    if not _after(outer) <= _after(inner):
        return False
    if not _window_within(inner.window, outer.window):
        return False
    if outer.where is None:
        return True
    if inner.where is None:
        return facts.implies(t.Constant(True), outer.where)
    return facts.implies(inner.where, outer.where)


def empty(stream: t.Stream, facts: Facts) -> bool:
    """Whether it is proven that a stream never takes an event."""
    if facts.has_no_events(stream.types):
        return True
    if not stream.types.exclude and stream.types.keys <= _after(stream):
        return True  # each would come after itself
    match stream.window:
        case t.AgeWindow(low=low, high=high):
            if high is not None and (low > high or high < 0):
                return True
        case t.DateWindow(first=first, last=last) if last is not None:
            ends = starts(last) if last.timed else after_day(last)
            begins = starts(first)
            if before(ends, begins) if last.timed else not_after(ends, begins):
                return True
    return stream.where is not None and facts.never(stream.where)


def most_of(measure: t.Measure, facts: Facts | None = None) -> int | None:
    """The most that a measure can be: of counts; None where there is no bound, or it is no count.

    With `facts`, streams that never take an event are found too.
    """
    if measure.kind not in ("count", "different"):
        return None
    if facts is not None and empty(measure.stream, facts):
        return 0
    return measure.stream.latest


def _after(stream: t.Stream) -> frozenset[str]:
    """The types after the latest event of which, of any of them, all events of a stream are."""
    if isinstance(stream.window, t.AfterLatest):
        return stream.resets | stream.window.types
    return stream.resets


def _cut_alike(inner: t.Stream, outer: t.Stream) -> bool:
    """Whether `up to` and `latest` of `outer` leave out nothing that those of `inner` take.

    They choose among the events that everything else leaves. Where that is the same for both, the
    latest 2 are among the latest 5; else nothing is said.
    """
    if outer.up_to is None and outer.latest is None:
        return True
    if (inner.types, inner.where, inner.window, inner.resets) != (
        outer.types,
        outer.where,
        outer.window,
        outer.resets,
    ):
        return False
    if inner.up_to == outer.up_to:
        return outer.latest is None or (inner.latest is not None and inner.latest <= outer.latest)
    if outer.latest is not None or outer.up_to is None or inner.up_to is None:
        return False
    return inner.up_to[1] == outer.up_to[1] and inner.up_to[0] <= outer.up_to[0]


def _types_within(inner: t.Types, outer: t.Types) -> bool:
    if inner.exclude:
        return outer.exclude and outer.keys <= inner.keys
    if outer.exclude:
        return not inner.keys & outer.keys
    return inner.keys <= outer.keys


def _window_within(inner: t.Window | None, outer: t.Window | None) -> bool:
    match outer:
        case None | t.AfterLatest():  # the latter is looked at with the resets
            return True
        case t.AgeWindow(low=low, high=high):
            has = inner if isinstance(inner, t.AgeWindow) else t.AgeWindow(0, None)
            if max(has.low, 0) < low:
                return False
            return high is None or (has.high is not None and has.high <= high)
        case t.DateWindow():
            return isinstance(inner, t.DateWindow) and _dates_within(inner, outer)


def _dates_within(inner: t.DateWindow, outer: t.DateWindow) -> bool:
    if not not_after(starts(outer.first), starts(inner.first)):
        return False
    if outer.last is None:
        return True
    if inner.last is None:
        return False
    if inner.last.timed == outer.last.timed:
        return not_after(starts(inner.last), starts(outer.last))
    if outer.last.timed:  # the whole last day of `inner`, and one instant
        return not_after(after_day(inner.last), starts(outer.last))
    return before(starts(inner.last), after_day(outer.last))
